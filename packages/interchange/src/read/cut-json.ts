import { type BlockBuilder, type Cutter, MAX_RECORD } from './block.ts';
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  isSpace,
  LITERAL,
  mayFollow,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './json-grammar.ts';

const FIRST_KEY = /^\{\s*("(?:[^"\\\n]|\\.)*")/;
/** Between `{` and the first key stands white space of at most this length, where the search is to find it. */
const INDENT = 64;

const newlines = (bytes: Buffer): number => {
  let n = 0;
  for (let i = bytes.indexOf(NEWLINE); i >= 0; i = bytes.indexOf(NEWLINE, i + 1)) n++;
  return n;
};

/**
 * The elements of a JSON array, or values that follow one another over many lines. A broken one costs that record only:
 * the search goes on at the next object that begins with the same key as the others.
 */
export class JsonCutter implements Cutter {
  private text: Buffer = Buffer.alloc(0);
  /** Next byte of `text` to look at, and the line that it stands on. */
  private pos = 0;
  private line = 1;
  /** Where the value in hand begins, -1 between values. */
  private start = -1;
  private startLine = 1;
  private open: number[] = [];
  private before = LITERAL;
  private inString = false;
  private inArray = false;
  /** How objects of this file begin: the name of their first key, with its quotes. */
  private firstKey: string | null = null;
  /** After a break: looking for the next object. */
  private lost = false;

  push(chunk: Buffer, out: BlockBuilder): void {
    const from = Math.min(this.start >= 0 ? this.start : this.pos, this.text.length);
    this.text = from < this.text.length ? Buffer.concat([this.text.subarray(from), chunk]) : chunk;
    this.pos -= from;
    if (this.start >= 0) this.start = 0;
    this.scan(out);
    while (this.start >= 0 && this.text.length - this.start > MAX_RECORD) {
      this.lose('the record is longer than 10 MB', out);
      this.scan(out);
    }
  }

  end(out: BlockBuilder, damage: string | null): void {
    if (this.start >= 0 && this.open.length === 0 && !this.inString) this.finish(this.text.length, out);
    else if (damage !== null && this.start < 0) out.reject(this.line, Buffer.alloc(0), damage);
    for (let reason = damage; this.start >= 0; reason = null) {
      this.lose(reason ?? 'not JSON: the file ends inside this record', out);
      this.scan(out);
    }
  }

  private scan(out: BlockBuilder): void {
    while (this.pos < this.text.length) {
      if (this.lost && !this.find()) return;
      if (this.inString) {
        this.passString(out);
        continue;
      }
      const byte = this.text[this.pos] as number;
      if (byte === NEWLINE) this.line++;
      if (this.start < 0) this.between(byte);
      else if (this.open.length > 0) this.inside(byte, out);
      else if (isSpace(byte) || byte === COMMA || byte === CLOSE_ARRAY || byte === OPEN_OBJECT) {
        // The end of a value that is neither object nor array; what ends it is looked at again.
        if (byte === NEWLINE) this.line--;
        this.finish(this.pos, out);
      } else this.pos++;
    }
  }

  private between(byte: number): void {
    this.pos++;
    if (isSpace(byte) || byte === COMMA || byte === CLOSE_ARRAY) return;
    if (byte === OPEN_ARRAY && !this.inArray) {
      this.inArray = true;
      return;
    }
    this.start = this.pos - 1;
    this.startLine = this.line;
    this.before = byte;
    this.inString = byte === QUOTE;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.open.push(byte);
  }

  private inside(byte: number, out: BlockBuilder): void {
    this.pos++;
    if (isSpace(byte)) return;
    if (!mayFollow(byte, this.before, this.open.at(-1) as number))
      return this.lose(
        `not JSON: \`${String.fromCharCode(byte)}\` in the wrong place on line ${this.line}`,
        out,
      );
    this.before = byte;
    switch (byte) {
      case QUOTE:
        this.inString = true;
        return;
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        this.open.push(byte);
        return;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        this.open.pop();
        if (this.open.length === 0) this.finish(this.pos, out);
        return;
      default:
        if (byte !== COMMA && byte !== 58) this.before = LITERAL;
    }
  }

  private passString(out: BlockBuilder): void {
    const { text } = this;
    let i = this.pos;
    for (; i < text.length; i++) {
      const byte = text[i];
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) {
        this.inString = false;
        break;
      } else if (byte === NEWLINE)
        return this.lose(`not JSON: a string does not end on its line, ${this.line}`, out);
    }
    this.pos = this.inString ? i : i + 1;
    if (!this.inString && this.open.length === 0) this.finish(this.pos, out);
  }

  private finish(end: number, out: BlockBuilder): void {
    const record = this.text.subarray(this.start, end);
    if (this.firstKey === null) this.learn(record);
    out.add(this.startLine, record);
    this.start = -1;
  }

  /** Gives the value in hand up. */
  private lose(reason: string, out: BlockBuilder): void {
    const record = this.text.subarray(this.start);
    if (this.firstKey === null) this.learn(record);
    out.reject(this.startLine, record, reason);
    this.pos = this.start + 1;
    this.line = this.startLine;
    this.start = -1;
    this.open = [];
    this.inString = false;
    this.lost = true;
  }

  private learn(record: Buffer): void {
    this.firstKey = FIRST_KEY.exec(record.toString('latin1', 0, 1_000))?.[1] ?? null;
  }

  /** Goes to the next object that begins like the others; false: it is not in `text`. */
  private find(): boolean {
    const { text, firstKey } = this;
    const key = firstKey ?? '{';
    for (let at = text.indexOf(key, this.pos, 'latin1'); at >= 0; at = text.indexOf(key, at + 1, 'latin1')) {
      let brace = at;
      if (firstKey !== null)
        do brace--;
        while (brace > this.pos && isSpace(text[brace] as number));
      if (brace < this.pos || text[brace] !== OPEN_OBJECT) continue;
      this.lost = false;
      this.goTo(brace);
      return true;
    }
    this.goTo(Math.max(this.pos, text.length - key.length - INDENT));
    return false;
  }

  private goTo(pos: number): void {
    this.line += newlines(this.text.subarray(this.pos, pos));
    this.pos = pos;
  }
}
