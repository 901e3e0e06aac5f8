export interface CsvFormat {
  kind: 'csv';
  columns: string[];
  /** One ASCII character. */
  delimiter: string;
}

/** How the bytes of a record are to be understood. */
export type RecordFormat = { kind: 'json' } | CsvFormat;

/** Records cut out of a file, not yet parsed: what travels to a worker thread. Record i is `bytes[ends[i-1]..ends[i]]`. */
export interface Block {
  format: RecordFormat;
  bytes: Uint8Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
  /** 1-based line of the file on which each record begins. */
  lines: Uint32Array<ArrayBuffer>;
  /** Why a record is none, by its index; its bytes are then what to show of it. */
  reasons: Map<number, string>;
}

export const MAX_RECORD = 10 * 1024 * 1024;
/** Of a record that is rejected, no more is kept than an excerpt needs. */
export const EXCERPT_BYTES = 800;

export const tooLong = (what: string, bytes: number): string =>
  `the ${what} is ${(bytes / 1048576).toFixed(1)} MB long; at most 10 MB`;

/** Collects records into blocks. */
export class BlockBuilder {
  private readonly format: RecordFormat;
  private bytes = new Uint8Array(1 << 20);
  private length = 0;
  private ends: number[] = [];
  private lines: number[] = [];
  private reasons = new Map<number, string>();

  constructor(format: RecordFormat) {
    this.format = format;
  }

  get size(): number {
    return this.length;
  }

  get count(): number {
    return this.ends.length;
  }

  add(line: number, record: Uint8Array): void {
    const end = this.length + record.length;
    if (end > this.bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(record, this.length);
    this.length = end;
    this.ends.push(end);
    this.lines.push(line);
  }

  reject(line: number, record: Uint8Array, reason: string): void {
    this.reasons.set(this.ends.length, reason);
    this.add(line, record.subarray(0, EXCERPT_BYTES));
  }

  /** What was collected, in buffers of its own; the builder is empty afterwards. */
  take(): Block {
    const block: Block = {
      format: this.format,
      bytes: this.bytes.slice(0, this.length),
      ends: Uint32Array.from(this.ends),
      lines: Uint32Array.from(this.lines),
      reasons: this.reasons,
    };
    this.length = 0;
    this.ends = [];
    this.lines = [];
    this.reasons = new Map();
    return block;
  }
}

/** Finds the borders of records in a stream of bytes. */
export interface Cutter {
  push(chunk: Buffer, out: BlockBuilder): void;
  /** The stream is over; `damage`: it broke off, and why. */
  end(out: BlockBuilder, damage: string | null): void;
}
