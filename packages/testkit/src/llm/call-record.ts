import type { Vendor } from './chat-call.ts';

/**
 * How a call ended. `pending`: it has not; `answered`: the stub sent all that it meant to, errors included (see
 * `status`); `cut`: the stub broke it off, as its rule says; `gone`: the caller went away first.
 */
export type CallEnd = 'pending' | 'answered' | 'cut' | 'gone';

const SECRET = /^(authorization|x-api-key|api-key|cookie|proxy-authorization)$/i;

/** Replaces the values of secret headers, in place. */
const redact = (rawHeaders: string[]): string[] => {
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (SECRET.test(rawHeaders[i] as string)) rawHeaders[i + 1] = '[redacted]';
  return rawHeaders;
};

/** What is known of a request when its headers have arrived. */
export interface CallStart {
  number: number;
  method: string;
  path: string;
  vendor: Vendor;
  at: number;
  inFlight: number;
  rightKey: boolean | null;
}

/** One call, as the stub saw it. */
export class CallRecord implements CallStart {
  /** Counts up from 1 since the start or the last reset. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly vendor: Vendor;
  /** Milliseconds since 1970, with fractions: when its headers had arrived. */
  readonly at: number;
  /** Calls in flight at that moment, this one included. */
  readonly inFlight: number;
  /** Whether it brought the stub's key; null: the stub asks for none. */
  readonly rightKey: boolean | null;
  model: string | null = null;
  /** The item that it asked about. */
  key: string | null = null;
  /** SHA-256 of the body, in hex. */
  bodyHash = '';
  bodyBytes = 0;
  /** Name of the rule that took it. */
  rule: string | null = null;
  /** HTTP status that was sent; 0: none. */
  status = 0;
  end: CallEnd = 'pending';
  /** Milliseconds since 1970; 0 while pending. */
  endedAt = 0;
  /** Only with the option `keepBodies`. */
  body: unknown;
  readonly #rawHeaders: string[];

  constructor(call: CallStart, rawHeaders: string[]) {
    this.number = call.number;
    this.method = call.method;
    this.path = call.path;
    this.vendor = call.vendor;
    this.at = call.at;
    this.inFlight = call.inFlight;
    this.rightKey = call.rightKey;
    this.#rawHeaders = redact(rawHeaders);
  }

  /** Names in small letters; secrets are replaced by `[redacted]`. */
  get headers(): Record<string, string> {
    const headers: Record<string, string> = {};
    for (let i = 0; i < this.#rawHeaders.length; i += 2)
      headers[(this.#rawHeaders[i] as string).toLowerCase()] = this.#rawHeaders[i + 1] as string;
    return headers;
  }

  toJSON(): CallRecordJson {
    return { ...this, headers: this.headers };
  }
}

/** A call's record as JSON. */
export type CallRecordJson = Omit<CallRecord, 'toJSON'>;

/** The record as `GET /__calls` gives it; with `?after=N` only the calls (and others) whose number is over N. */
export interface CallLogJson {
  calls: CallRecordJson[];
  others: CallRecordJson[];
  inFlight: number;
  peakInFlight: number;
}
