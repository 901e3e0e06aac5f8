import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallEnd, CallRecord } from './call-record.ts';

/** How long a reset waits for the bytes before it to reach the caller, in milliseconds. */
const SETTLE_MS = 20;

const now = (): number => performance.timeOrigin + performance.now();

/** One request and its response, on the wire: what can be done with them, and what the record then says. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly record: CallRecord;
  readonly #response: ServerResponse;
  readonly #idHeader: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, record: CallRecord, idHeader: string) {
    this.request = request;
    this.record = record;
    this.#response = response;
    this.#idHeader = idHeader;
  }

  /** To be called once the response is closed, however that came about. */
  closed(): void {
    clearTimeout(this.#timer);
    this.#ended(this.#response.writableFinished ? 'answered' : 'gone');
  }

  #ended(end: CallEnd): void {
    if (this.record.end !== 'pending') return;
    this.record.end = end;
    this.record.endedAt = now();
  }

  /** Does `act` after `ms` milliseconds, at once for 0; not when the caller has gone by then. */
  after(ms: number, act: () => void): void {
    if (ms <= 0) act();
    else this.#timer = setTimeout(act, ms);
  }

  /** Sends status and headers. `length` in bytes; null: chunked. */
  head(status: number, type: string, length: number | null, more: readonly string[] = []): void {
    this.record.status = status;
    const headers = ['content-type', type, this.#idHeader, `req_stub${this.record.number}`, ...more];
    if (length !== null) headers.push('content-length', String(length));
    this.#response.writeHead(status, headers);
  }

  /** Sends the headers at once instead of with the first bytes of the body. */
  flush(): void {
    this.#response.flushHeaders();
  }

  write(part: string | Uint8Array): void {
    this.#response.write(part);
  }

  end(part?: string): void {
    this.#response.end(part);
  }

  /** Writes `parts` so many milliseconds apart, the first at once, then ends. */
  drip(parts: readonly (string | Uint8Array)[], everyMs: number, place = 0): void {
    const part = parts[place];
    if (part === undefined) return this.end();
    this.write(part);
    this.after(everyMs, () => this.drip(parts, everyMs, place + 1));
  }

  /** Breaks the connection with a reset (RST), once what was written had time to arrive. */
  reset(wroteBefore: boolean): void {
    const break_ = (): void => {
      this.#ended('cut');
      this.request.socket.resetAndDestroy();
    };
    this.after(wroteBefore ? SETTLE_MS : 0, break_);
  }

  /** Ends the response properly, though it is not whole. */
  endEarly(): void {
    this.#ended('cut');
    this.#response.end();
  }
}
