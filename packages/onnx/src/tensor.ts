import { fieldsOf, MessageWriter, numbersOf, text } from './wire.ts';

/** `TensorProto.DataType` (onnx.proto), those that are met here. */
export const DATA_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;
export type DataType = keyof typeof DATA_TYPES;

/** Bytes of an element, by its type's number. */
export const BYTES_OF: ReadonlyMap<number, number> = new Map(
  Object.entries({
    float32: 4,
    uint8: 1,
    int8: 1,
    uint16: 2,
    int16: 2,
    int32: 4,
    int64: 8,
    bool: 1,
    float16: 2,
    float64: 8,
    uint32: 4,
    uint64: 8,
    bfloat16: 2,
  } satisfies Record<DataType, number>).map(([type, bytes]) => [DATA_TYPES[type as DataType], bytes]),
);

/** A weight. `bytes` are little-endian, row-major; null where they lie in another file and were not read yet. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  dataType: number;
  bytes: Uint8Array | null;
  /** Where the bytes lie, when they are external. */
  external: { location: string; offset: number; length: number | null } | null;
}

export const readTensor = (bytes: Uint8Array): OnnxTensor => {
  const tensor: OnnxTensor = { name: '', dims: [], dataType: 0, bytes: null, external: null };
  const entries = new Map<string, string>();
  const [int32s, int64s]: [bigint[], bigint[]] = [[], []];
  const singles: Uint8Array[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) tensor.dims.push(...numbersOf(field).map(Number));
    else if (field.number === 2 && field.wire === 0) tensor.dataType = Number(field.value);
    else if ((field.number === 4 || field.number === 10) && field.wire === 2) tensor.bytes = field.bytes;
    else if (field.number === 4 && field.wire === 5) singles.push(field.bytes);
    else if (field.number === 7 || field.number === 11) int64s.push(...numbersOf(field));
    else if (field.number === 5) int32s.push(...numbersOf(field));
    else if (field.number === 8 && field.wire === 2) tensor.name = text(field.bytes);
    else if (field.number === 9 && field.wire === 2) tensor.bytes = field.bytes;
    else if (field.number === 13 && field.wire === 2) {
      const [key, value] = [...fieldsOf(field.bytes)].map((f) => (f.wire === 2 ? text(f.bytes) : ''));
      if (key !== undefined) entries.set(key, value ?? '');
    }
  }
  if (int64s.length > 0) tensor.bytes = new Uint8Array(BigInt64Array.from(int64s).buffer);
  if (int32s.length > 0) tensor.bytes = narrowed(int32s, tensor.dataType);
  if (singles.length > 0) tensor.bytes = Uint8Array.from(singles.flatMap((one) => [...one]));
  tensor.bytes ??= new Uint8Array();
  const location = entries.get('location');
  if (location !== undefined) {
    const length = entries.get('length');
    tensor.bytes = null;
    tensor.external = {
      location,
      offset: Number(entries.get('offset') ?? 0),
      length: length === undefined ? null : Number(length),
    };
  }
  return tensor;
};

/** `int32_data` holds narrower types too, one a number; float16 as its bits. */
const narrowed = (numbers: readonly bigint[], dataType: number): Uint8Array => {
  const width = BYTES_OF.get(dataType) ?? 4;
  const view = new DataView(new ArrayBuffer(numbers.length * width));
  for (const [i, n] of numbers.entries()) {
    if (width === 1) view.setUint8(i, Number(BigInt.asUintN(8, n)));
    else if (width === 2) view.setUint16(2 * i, Number(BigInt.asUintN(16, n)), true);
    else view.setUint32(4 * i, Number(BigInt.asUintN(32, n)), true);
  }
  return new Uint8Array(view.buffer);
};

export const writeTensor = (tensor: OnnxTensor): MessageWriter => {
  const out = new MessageWriter();
  for (const dim of tensor.dims) out.varint(1, dim);
  out.varint(2, tensor.dataType).text(8, tensor.name);
  if (tensor.bytes) return out.bytes(9, tensor.bytes);
  const { location, offset, length } = tensor.external ?? { location: '', offset: 0, length: null };
  const entry = (key: string, value: string): MessageWriter =>
    new MessageWriter().text(1, key).text(2, value);
  out.message(13, entry('location', location)).message(13, entry('offset', String(offset)));
  if (length !== null) out.message(13, entry('length', String(length)));
  return out.varint(14, 1);
};
