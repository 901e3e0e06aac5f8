import { DATA_TYPES, type DataType } from './tensor.ts';
import { fieldsOf, MessageWriter, text } from './wire.ts';

/** An input or output of a graph: its name, and its type as it was read. */
export interface OnnxValue {
  name: string;
  raw: Uint8Array;
}

export const readValue = (raw: Uint8Array): OnnxValue => {
  for (const field of fieldsOf(raw))
    if (field.number === 1 && field.wire === 2) return { name: text(field.bytes), raw };
  return { name: '', raw };
};

/** An input or output to be written; a dimension is a number or a name. */
export const value = (name: string, dataType: DataType, dims: readonly (number | string)[]): OnnxValue => {
  const shape = new MessageWriter();
  for (const dim of dims) {
    const one = new MessageWriter();
    shape.message(1, typeof dim === 'number' ? one.varint(1, dim) : one.text(2, dim));
  }
  const tensorType = new MessageWriter().varint(1, DATA_TYPES[dataType]).message(2, shape);
  const type = new MessageWriter().message(1, tensorType);
  return { name, raw: new MessageWriter().text(1, name).message(2, type).finish() };
};

/** What an input or output is said to be; a dimension is a number, a name, or '' where nothing is said. */
export const typeOf = ({ raw }: OnnxValue): { dataType: number; dims: (number | string)[] } => {
  const tensorType = inner(inner(raw, 2), 1);
  let dataType = 0;
  for (const field of fieldsOf(tensorType))
    if (field.number === 1 && field.wire === 0) dataType = Number(field.value);
  const dims = [...fieldsOf(inner(tensorType, 2))].flatMap((field) =>
    field.number === 1 && field.wire === 2 ? [dimensionOf(field.bytes)] : [],
  );
  return { dataType, dims };
};

const dimensionOf = (bytes: Uint8Array): number | string => {
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1 && field.wire === 0) return Number(field.value);
    if (field.number === 2 && field.wire === 2) return text(field.bytes);
  }
  return '';
};

/** A message within a message; empty where there is none. */
const inner = (bytes: Uint8Array, number: number): Uint8Array => {
  for (const field of fieldsOf(bytes)) if (field.number === number && field.wire === 2) return field.bytes;
  return new Uint8Array();
};
