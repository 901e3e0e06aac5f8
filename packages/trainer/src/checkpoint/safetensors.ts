import { headerLength, LENGTH_BYTES, METADATA, readHeader } from './safetensors-header.ts';

/** Named float32 tensors, and strings about them. */
export interface Tensors {
  tensors: ReadonlyMap<string, { dims: readonly number[]; values: Float32Array }>;
  metadata: Readonly<Record<string, string>>;
}

/**
 * Writes tensors in the safetensors format (huggingface.co/docs/safetensors): the header's length, the header as JSON, the numbers.
 * The header is padded with spaces, so that numbers begin at a multiple of 8.
 */
export const writeSafetensors = ({ tensors, metadata }: Tensors): Uint8Array<ArrayBuffer> => {
  const header: Record<string, unknown> = { [METADATA]: metadata };
  let at = 0;
  for (const [name, { dims, values }] of tensors) {
    header[name] = { dtype: 'F32', shape: dims, data_offsets: [at, at + values.byteLength] };
    at += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES;
  const file = new Uint8Array(LENGTH_BYTES + padded + at);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(' '.charCodeAt(0), LENGTH_BYTES, LENGTH_BYTES + padded).set(text, LENGTH_BYTES);
  let offset = LENGTH_BYTES + padded;
  for (const { values } of tensors.values()) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return file;
};

/**
 * Reads tensors of float32. They are copies.
 *
 * @throws RangeError that says what is wrong with the file, and names the tensor
 */
export const readSafetensors = (file: Uint8Array): Tensors => {
  const length = headerLength(file, file.length);
  if (length === null)
    throw new RangeError(`A file of ${file.length} bytes is no safetensors file, or is cut in its header.`);
  const data = file.subarray(LENGTH_BYTES + length);
  const { tensors: places, metadata } = readHeader(file.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  const tensors = new Map<string, { dims: number[]; values: Float32Array }>();
  for (const { name, dtype, dims, from, to } of places) {
    if (dtype !== 'F32')
      throw new RangeError(`The tensor ${name} is of the type ${dtype}; only F32 is read here.`);
    const size = dims.reduce((n, d) => n * d, 4);
    if (to - from !== size || to > data.length)
      throw new RangeError(
        `The tensor ${name} is said to be [${dims}] at bytes ${from} to ${to} of ${data.length}: the file is damaged or cut.`,
      );
    // Copied so: of a `Buffer`, `slice` would be a view.
    tensors.set(name, { dims, values: new Float32Array(new Uint8Array(data.subarray(from, to)).buffer) });
  }
  return { tensors, metadata };
};
