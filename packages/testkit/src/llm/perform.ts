import type { AnswerBehaviour, AsideBehaviour, Behaviour, RetryAfter } from './behaviour.ts';
import type { Exchange } from './exchange.ts';
import { drawLatency, type Latency } from './latency.ts';
import type { EndpointError, Reply, Wire } from './wire.ts';

export const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream; charset=utf-8';

/** What a behaviour needs of any request. */
export interface GivenAside {
  exchange: Exchange;
  wire: Wire;
  seed: number;
}

/** What a behaviour needs of a call whose request was read. */
export interface Given extends GivenAside {
  stream: boolean;
  /** The stub's own. */
  latency: Latency;
  /** The reply in this behaviour's form. */
  reply: (behaviour: AnswerBehaviour) => Reply;
}

/** Sends an error of the endpoint in its vendor's form. */
export const sendError = (
  exchange: Exchange,
  wire: Wire,
  error: EndpointError,
  detail: string | null,
  headers: readonly string[] = [],
): void => {
  const { status, body } = wire.error(error, detail);
  exchange.head(status, JSON_TYPE, Buffer.byteLength(body), headers);
  exchange.end(body);
};

const retryHeaders = ({ seconds, dateInMs, ms }: RetryAfter): string[] => [
  ...(seconds === undefined ? [] : ['retry-after', String(seconds)]),
  ...(dateInMs === undefined
    ? []
    : ['retry-after', new Date(Math.ceil((Date.now() + dateInMs) / 1000) * 1000).toUTCString()]),
  ...(ms === undefined ? [] : ['retry-after-ms', String(ms)]),
];

/** The body in the order in which it goes out: one text, or a stream's events. */
const partsOf = ({ wire, stream, reply }: Given, behaviour: AnswerBehaviour): string[] => {
  const parts = stream ? wire.events(reply(behaviour)) : [wire.body(reply(behaviour))];
  if (behaviour.form !== 'malformed-body') return parts;
  const middle = Math.floor(parts.length / 2);
  return parts.map((part, place) => (place === middle ? part.replace('{', '{"broken": [') : part));
};

const byBytes = (text: string, bytes: number): Uint8Array[] => {
  const whole = Buffer.from(text);
  return Array.from({ length: Math.ceil(whole.length / bytes) }, (_, i) =>
    whole.subarray(i * bytes, (i + 1) * bytes),
  );
};

const sendAnswer = (given: Given, behaviour: AnswerBehaviour): void => {
  const { exchange, stream, latency, seed } = given;
  const parts = partsOf(given, behaviour);
  const { gapMs = 0, headersFirst = false, trickle } = behaviour;
  const body = stream && gapMs > 0 ? null : parts.join('');
  const head = (): void => {
    if (stream) exchange.head(200, STREAM_TYPE, null);
    else exchange.head(200, JSON_TYPE, Buffer.byteLength(body ?? ''));
  };
  const send = (): void => {
    if (!headersFirst) head();
    if (trickle) exchange.drip(byBytes(body ?? parts.join(''), trickle.bytes), trickle.everyMs);
    else if (body === null) exchange.drip(parts, gapMs);
    else exchange.end(body);
  };
  if (headersFirst) {
    head();
    exchange.flush();
  }
  exchange.after(drawLatency(behaviour.latency ?? latency, exchange.record.number, seed), send);
};

/** Sends the headers and half of a plain answer's body, whose whole length was announced unless it streams. */
const sendHalf = (given: Given): void => {
  const { exchange, stream } = given;
  const parts = partsOf(given, { kind: 'answer' });
  if (stream) {
    exchange.head(200, STREAM_TYPE, null);
    exchange.write(parts.slice(0, Math.ceil(parts.length / 2)).join(''));
  } else {
    const whole = Buffer.from(parts.join(''));
    exchange.head(200, JSON_TYPE, whole.length);
    exchange.write(whole.subarray(0, Math.ceil(whole.length / 2)));
  }
};

const sendErrorBehaviour = (given: GivenAside, behaviour: Behaviour & { kind: 'error' }): void => {
  const { exchange, wire, seed } = given;
  const { error, detail = null, retryAfter = {}, latency = 0, html = false } = behaviour;
  const plain = wire.error(error, detail);
  exchange.after(drawLatency(latency, exchange.record.number, seed), () => {
    const status = behaviour.status ?? plain.status;
    const body = html ? `<html><body><h1>${status}</h1><hr>proxy</body></html>` : plain.body;
    exchange.head(status, html ? 'text/html' : JSON_TYPE, Buffer.byteLength(body), retryHeaders(retryAfter));
    exchange.end(body);
  });
};

const sendHeaders = ({ exchange }: GivenAside, type: string): void => {
  exchange.head(200, type, null);
  exchange.flush();
};

/** Carries out what becomes of a request that asks no model. */
export const performAside = (given: GivenAside, behaviour: AsideBehaviour): void => {
  const { exchange, seed } = given;
  switch (behaviour.kind) {
    case 'error':
      return sendErrorBehaviour(given, behaviour);
    case 'redirect':
      exchange.head(behaviour.status ?? 307, JSON_TYPE, 0, ['location', behaviour.to]);
      return exchange.end();
    case 'hang':
      if (behaviour.after === 'headers') sendHeaders(given, JSON_TYPE);
      return;
    case 'reset':
      return exchange.after(drawLatency(behaviour.latency ?? 0, exchange.record.number, seed), () =>
        exchange.reset(false),
      );
  }
};

/** Carries out what a rule says of a call. */
export const perform = (given: Given, behaviour: Behaviour): void => {
  const { exchange, wire, stream, seed } = given;
  switch (behaviour.kind) {
    case 'answer':
      return sendAnswer(given, behaviour);
    case 'error':
    case 'redirect':
      return performAside(given, behaviour);
    case 'hang':
      if (behaviour.after === 'half') sendHalf(given);
      else if (behaviour.after === 'headers') sendHeaders(given, stream ? STREAM_TYPE : JSON_TYPE);
      return;
    case 'reset':
      return exchange.after(drawLatency(behaviour.latency ?? 0, exchange.record.number, seed), () => {
        if (behaviour.at === 'half') sendHalf(given);
        exchange.reset(behaviour.at === 'half');
      });
    case 'end-early':
      if (!stream) throw new Error('end-early is for streams: use reset at half for plain answers');
      sendHalf(given);
      return exchange.endEarly();
    case 'stream-error':
      if (!stream) throw new Error('stream-error is for streams: use error for plain answers');
      sendHalf(given);
      return exchange.end(wire.errorEvent(behaviour.error));
    default:
      throw new Error(`no behaviour is called ${JSON.stringify(behaviour satisfies never)}`);
  }
};
