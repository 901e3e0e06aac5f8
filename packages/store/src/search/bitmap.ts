/**
 * A set of row numbers as bits, most significant bit first, so that DuckDB's BIT takes the bytes as they are.
 * Rows at or past `size` are not members.
 */
export class Bitmap {
  readonly size: number;
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(size: number, bytes = new Uint8Array(Math.ceil(size / 8))) {
    this.size = size;
    this.bytes = bytes;
  }

  add(row: number): void {
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
}
