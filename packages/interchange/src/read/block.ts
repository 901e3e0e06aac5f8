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

/**
 * A block is small enough that none holds an event loop up, and large enough to be worth a message. Past this size V8 keeps its texts
 * among large objects, whose pages come fresh from the kernel each time: measured, 2 us of 19 a trace.
 */
const BLOCK_BYTES = 1 << 17;
const BLOCK_RECORDS = 2_000;

/** Collects records into blocks. */
export class BlockBuilder {
  private readonly format: RecordFormat;
  private bytes = new Uint8Array(1 << 20);
  private length = 0;
  private ends: number[] = [];
  private lines: number[] = [];
  private reasons = new Map<number, string>();
  private ready: Block[] = [];

  constructor(format: RecordFormat) {
    this.format = format;
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
    if (end >= BLOCK_BYTES || this.ends.length >= BLOCK_RECORDS) this.ready.push(this.cut());
  }

  reject(line: number, record: Uint8Array, reason: string): void {
    this.reasons.set(this.ends.length, reason);
    this.add(line, record.subarray(0, EXCERPT_BYTES));
  }

  /** The blocks that are full; each is given out once. */
  full(): Block[] {
    return this.ready.splice(0);
  }

  /** All that is left. */
  rest(): Block[] {
    return this.ends.length > 0 ? [...this.full(), this.cut()] : this.full();
  }

  /** What was collected, in buffers of its own; the builder is empty afterwards. */
  private cut(): Block {
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
