/** Where a tensor lies in a safetensors file. */
export interface TensorPlace {
  name: string;
  /** As the format calls it, e.g. `F32`, `BF16`. */
  dtype: string;
  dims: number[];
  /** Bytes after the header. */
  from: number;
  to: number;
}

/** Bytes before the header, which say its length. */
export const LENGTH_BYTES = 8;
export const METADATA = '__metadata__';
/** A header is at most this long, in bytes (safetensors README, "Format"). */
const LONGEST = 100_000_000;

/**
 * The length of a file's header; null where the file is cut before its end, or is no safetensors file.
 *
 * @param beginning of the file, 8 bytes at least
 * @param bytes of the whole file
 */
export const headerLength = (beginning: Uint8Array, bytes: number): number | null => {
  if (bytes < LENGTH_BYTES) return null;
  const view = new DataView(beginning.buffer, beginning.byteOffset, LENGTH_BYTES);
  const length = Number(view.getBigUint64(0, true));
  return length > 0 && length <= LONGEST && LENGTH_BYTES + length <= bytes ? length : null;
};

/**
 * What a header says.
 *
 * @throws RangeError that names the tensor, or says that it is no JSON
 */
export const readHeader = (
  header: Uint8Array,
): { tensors: TensorPlace[]; metadata: Readonly<Record<string, string>> } => {
  const { [METADATA]: metadata = {}, ...named } = parsed(header);
  const tensors = Object.entries(named).map(([name, said]): TensorPlace => {
    const { dtype, shape, data_offsets: offsets } = (said ?? {}) as Partial<Record<string, unknown>>;
    const dims = numbers(shape);
    const [from, to] = numbers(offsets) ?? [];
    if (typeof dtype !== 'string' || !dims || from === undefined || to === undefined || to < from)
      throw new RangeError(
        `The tensor ${name} has no type, shape or place in the header: the file is damaged.`,
      );
    return { name, dtype, dims, from, to };
  });
  return { tensors, metadata: metadata as Record<string, string> };
};

const parsed = (bytes: Uint8Array): Record<string, unknown> => {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch {}
  throw new RangeError('The header of the safetensors file is no JSON: the file is damaged.');
};

const numbers = (value: unknown): number[] | null =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0) ? value : null;
