import { type CallLogJson, CallRecord } from './call-record.ts';

/** The record of a stub's calls, and how many are under way. */
export class CallLog {
  #calls: CallRecord[] = [];
  #inFlight = 0;
  #peak = 0;

  get calls(): readonly CallRecord[] {
    return this.#calls;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get peakInFlight(): number {
    return this.#peak;
  }

  /** Notes a call that has begun. */
  begin(call: Pick<CallRecord, 'path' | 'vendor' | 'rightKey'>, rawHeaders: string[]): CallRecord {
    this.#inFlight++;
    if (this.#inFlight > this.#peak) this.#peak = this.#inFlight;
    const at = performance.timeOrigin + performance.now();
    const record = new CallRecord(
      { ...call, number: this.#calls.length + 1, at, inFlight: this.#inFlight },
      rawHeaders,
    );
    this.#calls.push(record);
    return record;
  }

  /** Notes that a call's response is closed. */
  closed(): void {
    this.#inFlight--;
  }

  reset(): void {
    this.#calls = [];
    this.#peak = this.#inFlight;
  }

  toJSON(): CallLogJson {
    return { calls: this.#calls, inFlight: this.#inFlight, peakInFlight: this.#peak };
  }
}
