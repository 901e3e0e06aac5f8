/**
 * Protocol Buffers' wire format (protobuf.dev/programming-guides/encoding), as far as ONNX needs it. Reading makes views, not
 * copies: weights stay where they lie.
 */

export type Field =
  | { number: number; wire: 0; value: bigint }
  | { number: number; wire: 1 | 2 | 5; bytes: Uint8Array };

/** Bytes that are not what they should be. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

/** The fields of one message, in order. @throws WireError where the bytes end too early or hold an unknown wire type */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) throw new WireError(`A number at byte ${at} has no end.`);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length)
      throw new WireError(
        `A field at byte ${at} is ${length} bytes long, but only ${bytes.length - at} follow.`,
      );
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [number, wire] = [tag >>> 3, tag & 7];
    if (wire === 0) yield { number, wire, value: varint() };
    else if (wire === 2) yield { number, wire, bytes: take(Number(varint())) };
    else if (wire === 1 || wire === 5) yield { number, wire, bytes: take(wire === 1 ? 8 : 4) };
    else throw new WireError(`Field ${number} at byte ${at} has the wire type ${wire}.`);
  }
}

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Repeated integers, packed or not. */
export const numbersOf = (field: Field): bigint[] => {
  if (field.wire === 0) return [BigInt.asIntN(64, field.value)];
  const numbers: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of field.bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    numbers.push(BigInt.asIntN(64, value));
    value = 0n;
    shift = 0n;
  }
  return numbers;
};

/** Gathers a message's fields; `bytes` joins them once, at the end. */
export class MessageWriter {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  varint(number: number, value: bigint | number): this {
    return this.raw(encodeVarint(BigInt(number << 3))).raw(encodeVarint(BigInt(value)));
  }

  bytes(number: number, value: Uint8Array): this {
    return this.raw(encodeVarint(BigInt((number << 3) | 2)))
      .raw(encodeVarint(BigInt(value.length)))
      .raw(value);
  }

  text(number: number, value: string): this {
    return this.bytes(number, new TextEncoder().encode(value));
  }

  message(number: number, value: MessageWriter): this {
    this.raw(encodeVarint(BigInt((number << 3) | 2))).raw(encodeVarint(BigInt(value.length)));
    for (const chunk of value.chunks) this.raw(chunk);
    return this;
  }

  float(number: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.raw(encodeVarint(BigInt((number << 3) | 5))).raw(bytes);
  }

  /** A field as it was read. */
  field(field: Field): this {
    if (field.wire === 0) return this.varint(field.number, field.value);
    if (field.wire === 2) return this.bytes(field.number, field.bytes);
    return this.raw(encodeVarint(BigInt((field.number << 3) | field.wire))).raw(field.bytes);
  }

  finish(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }

  private raw(chunk: Uint8Array): this {
    this.chunks.push(chunk);
    this.length += chunk.length;
    return this;
  }
}

/** Negative numbers as two's complement of 64 bits. */
const encodeVarint = (value: bigint): Uint8Array => {
  const out: number[] = [];
  let left = BigInt.asUintN(64, value);
  while (left >= 0x80n) {
    out.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  out.push(Number(left));
  return Uint8Array.from(out);
};
