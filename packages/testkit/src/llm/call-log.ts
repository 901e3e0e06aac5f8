import { type CallLogJson, CallRecord, type CallStart } from './call-record.ts';

type Arrived = Omit<CallStart, 'number' | 'at' | 'inFlight'>;

/** The record of a stub's calls, and how many are under way. */
export class CallLog {
  #calls: CallRecord[] = [];
  #others: CallRecord[] = [];
  #inFlight = 0;
  #peak = 0;

  get calls(): readonly CallRecord[] {
    return this.#calls;
  }

  get others(): readonly CallRecord[] {
    return this.#others;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get peakInFlight(): number {
    return this.#peak;
  }

  #record(list: CallRecord[], arrived: Arrived, rawHeaders: string[]): CallRecord {
    const at = performance.timeOrigin + performance.now();
    const start = { ...arrived, number: list.length + 1, at, inFlight: this.#inFlight };
    const record = new CallRecord(start, rawHeaders);
    list.push(record);
    return record;
  }

  /** Notes a call that has begun. */
  begin(arrived: Arrived, rawHeaders: string[]): CallRecord {
    this.#inFlight++;
    if (this.#inFlight > this.#peak) this.#peak = this.#inFlight;
    return this.#record(this.#calls, arrived, rawHeaders);
  }

  /** Notes that a call's response is closed. */
  closed(): void {
    this.#inFlight--;
  }

  /** Notes a request that is no call: for the list of models, or for nothing that is here. */
  aside(arrived: Arrived, rawHeaders: string[]): CallRecord {
    return this.#record(this.#others, arrived, rawHeaders);
  }

  reset(): void {
    this.#calls = [];
    this.#others = [];
    this.#peak = this.#inFlight;
  }

  /** What came after call (and other request) number `after`. */
  since(after: number): CallLogJson {
    return {
      calls: this.#calls.slice(after),
      others: this.#others.slice(after),
      inFlight: this.#inFlight,
      peakInFlight: this.#peak,
    };
  }
}
