import { type BlockBuilder, type Cutter, EXCERPT_BYTES, MAX_RECORD, tooLong } from './block.ts';

const isBlank = (bytes: Uint8Array): boolean => bytes.every((b) => b === 32 || b === 9 || b === 13);

const isJson = (bytes: Uint8Array): boolean => {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
};

/** JSON Lines: a record a line; blank lines are left out, but counted. */
export class LineCutter implements Cutter {
  private line = 1;
  /** The line in hand, as far as it has come; of one that is too long, the head only. */
  private rest: Uint8Array[] = [];
  private length = 0;

  push(chunk: Buffer, out: BlockBuilder): void {
    let from = 0;
    for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
      if (this.length === 0) this.cut(chunk.subarray(from, to), to - from, out);
      else {
        this.keep(chunk.subarray(from, to));
        this.cutRest(out);
      }
      this.line++;
      from = to + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
  }

  end(out: BlockBuilder, damage: string | null): void {
    if (damage === null) return this.cutRest(out);
    const last = Buffer.concat(this.rest);
    // A record that lost only its line end is whole.
    if (isJson(last)) {
      out.add(this.line++, last);
      out.reject(this.line, last.subarray(0, 0), damage);
    } else out.reject(this.line, last, damage);
  }

  private keep(piece: Uint8Array): void {
    this.length += piece.length;
    if (this.length <= MAX_RECORD) this.rest.push(piece);
    else if (this.rest.length === 0) this.rest.push(piece.slice(0, EXCERPT_BYTES));
    else this.rest.length = 1;
  }

  private cutRest(out: BlockBuilder): void {
    this.cut(
      this.rest.length === 1 ? (this.rest[0] as Uint8Array) : Buffer.concat(this.rest),
      this.length,
      out,
    );
    this.rest = [];
    this.length = 0;
  }

  private cut(bytes: Uint8Array, length: number, out: BlockBuilder): void {
    if (length > MAX_RECORD) out.reject(this.line, bytes, tooLong('line', length));
    else if (!isBlank(bytes)) out.add(this.line, bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes);
  }
}
