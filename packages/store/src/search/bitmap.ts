/**
 * A set of row numbers as bits, most significant bit first, so that DuckDB's BIT takes the bytes as they are.
 * Rows at or past `size` are not members.
 */
export class Bitmap {
  readonly size: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  private counted: number | null = null;

  constructor(size: number, bytes = new Uint8Array(Math.ceil(size / 8))) {
    this.size = size;
    this.bytes = bytes;
  }

  add(row: number): void {
    this.counted = null;
    if (row < this.size) this.bytes[row >> 3] = (this.bytes[row >> 3] ?? 0) | (0x80 >> (row & 7));
  }

  has(row: number): boolean {
    return row < this.size && ((this.bytes[row >> 3] ?? 0) & (0x80 >> (row & 7))) !== 0;
  }

  and(other: Bitmap): Bitmap {
    return new Bitmap(
      this.size,
      this.bytes.map((b, i) => b & (other.bytes[i] ?? 0)),
    );
  }

  or(other: Bitmap): Bitmap {
    return new Bitmap(
      this.size,
      this.bytes.map((b, i) => b | (other.bytes[i] ?? 0)),
    );
  }

  not(): Bitmap {
    const bytes = this.bytes.map((b) => ~b & 0xff);
    const spare = bytes.length * 8 - this.size;
    if (spare > 0) bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) & (0xff << spare);
    return new Bitmap(this.size, bytes);
  }

  /** How many rows are members. */
  get count(): number {
    this.counted ??= this.bytes.reduce((sum, byte) => sum + (MEMBERS[byte] ?? 0), 0);
    return this.counted;
  }

  /** The members, in ascending order. */
  rows(): Uint32Array {
    const rows = new Uint32Array(this.count);
    let at = 0;
    for (let i = 0; i < this.bytes.length; i++)
      for (let rest = this.bytes[i] as number; rest !== 0; ) {
        const bit = Math.clz32(rest) - 24;
        rows[at++] = i * 8 + bit;
        rest &= ~(0x80 >> bit);
      }
    return rows;
  }

  /** Those of `rows` that are members, in their order. */
  among(rows: Uint32Array): Uint32Array {
    const members = new Uint32Array(Math.min(rows.length, this.count));
    let at = 0;
    // A million rows: plain loops are several times as fast as iterators here.
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      if (this.has(row)) members[at++] = row;
    }
    return members.subarray(0, at);
  }
}

/** How many bits of a byte are set. */
const MEMBERS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
