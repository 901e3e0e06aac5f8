import { type BlockBuilder, type CsvFormat, type Cutter, MAX_RECORD } from './block.ts';
import { columnNames, csvFields } from './csv-fields.ts';

const [NEWLINE, RETURN, QUOTE] = [10, 13, 34] as const;

type State = 'field-start' | 'plain' | 'quoted' | 'quote-in-quoted' | 'skip-line';

/**
 * Records of a CSV file, whose quoted fields may hold line ends. A quote that is not closed costs its line only: the next
 * record is looked for on the line after the one where the broken one began.
 */
export class CsvCutter implements Cutter {
  /** Its columns are filled in when the header, the first record, has been read. */
  readonly format: CsvFormat;
  private text: Buffer = Buffer.alloc(0);
  private pos = 0;
  private line = 1;
  /** Where the record in hand begins. */
  private start = 0;
  private startLine = 1;
  private state: State = 'field-start';

  constructor(delimiter: string) {
    this.format = { kind: 'csv', columns: [], delimiter };
  }

  push(chunk: Buffer, out: BlockBuilder): void {
    this.text =
      this.start < this.text.length ? Buffer.concat([this.text.subarray(this.start), chunk]) : chunk;
    this.pos -= this.start;
    this.start = 0;
    this.scan(out);
    while (this.text.length - this.start > MAX_RECORD) {
      this.lose('the record is longer than 10 MB', out);
      this.scan(out);
    }
  }

  end(out: BlockBuilder, damage: string | null): void {
    let untold = damage;
    while (this.state === 'quoted') {
      this.lose(untold ?? 'a quote is opened here, but not closed', out);
      untold = null;
      this.scan(out);
    }
    if (untold !== null) out.reject(this.startLine, this.text.subarray(this.start), untold);
    else if (this.state !== 'skip-line') this.finish(this.text.length, out);
  }

  private scan(out: BlockBuilder): void {
    const { text } = this;
    const delimiter = this.format.delimiter.charCodeAt(0);
    while (this.pos < text.length) {
      const byte = text[this.pos] as number;
      switch (this.state) {
        case 'field-start':
          if (byte === QUOTE) this.pos++;
          this.state = byte === QUOTE ? 'quoted' : 'plain';
          break;
        case 'plain': {
          let i = this.pos;
          while (i < text.length && text[i] !== delimiter && text[i] !== NEWLINE) i++;
          this.pos = i + 1;
          if (text[i] === NEWLINE) this.finish(i, out);
          else if (i < text.length) this.state = 'field-start';
          else this.pos = i;
          break;
        }
        case 'quoted': {
          let i = this.pos;
          for (; i < text.length && text[i] !== QUOTE; i++) if (text[i] === NEWLINE) this.line++;
          this.pos = Math.min(i + 1, text.length);
          if (i < text.length) this.state = 'quote-in-quoted';
          break;
        }
        case 'quote-in-quoted':
          this.pos++;
          if (byte === QUOTE) this.state = 'quoted';
          else if (byte === delimiter) this.state = 'field-start';
          else if (byte === NEWLINE) this.finish(this.pos - 1, out);
          else if (byte === RETURN) this.state = 'plain';
          else this.lose('a quoted field goes on after its closing quote', out);
          break;
        case 'skip-line': {
          const end = text.indexOf(NEWLINE, this.pos);
          this.start = this.pos = end < 0 ? text.length : end + 1;
          if (end >= 0) this.next();
        }
      }
    }
  }

  private finish(end: number, out: BlockBuilder): void {
    const record = this.text.subarray(this.start, this.text[end - 1] === RETURN ? end - 1 : end);
    if (record.length > 0) {
      if (this.format.columns.length > 0) out.add(this.startLine, record);
      else this.readHeader(record);
    }
    this.start = this.pos;
    this.next();
  }

  private next(): void {
    this.line++;
    this.startLine = this.line;
    this.state = 'field-start';
  }

  private readHeader(record: Buffer): void {
    const fields = csvFields(record.toString('utf8'), this.format.delimiter);
    if (!fields)
      throw new Error(
        `line ${this.startLine}: the names of the columns cannot be read: a quote is out of place`,
      );
    this.format.columns.push(...columnNames(fields));
  }

  /** Gives the record in hand up; its first line is what is shown of it. */
  private lose(reason: string, out: BlockBuilder): void {
    if (this.format.columns.length === 0)
      throw new Error(`line ${this.startLine}: the names of the columns cannot be read: ${reason}`);
    const end = this.text.indexOf(NEWLINE, this.start);
    out.reject(this.startLine, this.text.subarray(this.start, end < 0 ? this.text.length : end), reason);
    this.pos = this.start;
    this.line = this.startLine;
    this.state = 'skip-line';
  }
}
