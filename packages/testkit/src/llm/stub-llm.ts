import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answerer, type Answers, answererOf } from './answers.ts';
import { anthropicWire } from './anthropic-wire.ts';
import { CallLog } from './call-log.ts';
import type { CallRecord } from './call-record.ts';
import { readChatCall, type Vendor } from './chat-call.ts';
import { stubTokens } from './count-tokens.ts';
import { dressAnswer } from './dress-answer.ts';
import { Exchange } from './exchange.ts';
import type { Latency } from './latency.ts';
import { openaiWire } from './openai-wire.ts';
import { JSON_TYPE, perform, sendError } from './perform.ts';
import { type Rule, RuleBook } from './rules.ts';
import type { StubChange, StubLlm, StubOptions } from './stub-options.ts';
import type { Wire } from './wire.ts';

const PATHS: { readonly [path: string]: { vendor: Vendor; wire: Wire } | undefined } = {
  '/v1/chat/completions': { vendor: 'openai', wire: openaiWire },
  '/v1/messages': { vendor: 'anthropic', wire: anthropicWire },
};

/** Gives the whole body, unless the caller goes away before its end. */
const readBody = (request: IncomingMessage, then: (body: Buffer) => void): void => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => then(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)));
};

const vendorWire = (request: IncomingMessage): Wire =>
  request.headers['anthropic-version'] ? anthropicWire : openaiWire;

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const sendJson = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

/** A model endpoint that does as it is told. It owns what goes over the wire; it knows nothing of who asks. */
class StubServer {
  readonly log = new CallLog();
  readonly #options: StubOptions;
  #answers: Answers;
  /** By what they were made from, so that counts last as long as the rule that holds them. */
  readonly #answerers = new Map<Answers, Answerer>();
  #latency: Latency;
  #ruleList: readonly Rule[];
  #rules: RuleBook;
  #rulesSince = performance.now();

  constructor(options: StubOptions) {
    this.#options = options;
    this.#answers = options.answers ?? { kind: 'text', text: 'ok' };
    this.#latency = options.latency ?? 0;
    this.#ruleList = options.rules ?? [];
    this.#rules = new RuleBook(this.#ruleList);
  }

  change({ rules, latency, answers }: StubChange): void {
    if (answers !== undefined) this.#answers = answers;
    if (latency !== undefined) this.#latency = latency;
    if (rules !== undefined) {
      this.#ruleList = rules;
      this.#restartRules();
    }
  }

  reset(): void {
    this.log.reset();
    for (const { reset } of this.#answerers.values()) reset();
    this.#restartRules();
  }

  #answerer(answers: Answers): Answerer {
    const known = this.#answerers.get(answers);
    if (known) return known;
    const made = answererOf(answers);
    this.#answerers.set(answers, made);
    return made;
  }

  #restartRules(): void {
    this.#rules = new RuleBook(this.#ruleList);
    this.#rulesSince = performance.now();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const route = PATHS[path];
    if (route && request.method === 'POST') this.#chat(path, route.vendor, route.wire, request, response);
    else if (path === '/v1/models' && request.method === 'GET') this.#models(request, response);
    else if (path === '/__calls' && request.method === 'GET')
      sendJson(response, 200, JSON.stringify(this.log));
    else if (path === '/__control' && request.method === 'POST') this.#control(request, response);
    else {
      const { status, body } = vendorWire(request).error('unknown-path', null);
      sendJson(response, status, body);
    }
  }

  #rightKey(request: IncomingMessage): boolean | null {
    const { key } = this.#options;
    if (key === undefined) return null;
    const { headers } = request;
    return headers.authorization === `Bearer ${key}` || headers['x-api-key'] === key;
  }

  #models(request: IncomingMessage, response: ServerResponse): void {
    const wire = vendorWire(request);
    if (this.#rightKey(request) === false) {
      const { status, body } = wire.error('wrong-key', null);
      return sendJson(response, status, body);
    }
    sendJson(response, 200, wire.models(this.#options.models ?? ['stub-1']));
  }

  #control(request: IncomingMessage, response: ServerResponse): void {
    readBody(request, (body) => {
      try {
        const { reset, ...change } = JSON.parse(body.toString()) as StubChange & { reset?: boolean };
        this.change(change);
        if (reset) this.reset();
        sendJson(response, 200, '{}');
      } catch (error) {
        sendJson(response, 400, JSON.stringify({ error: words(error) }));
      }
    });
  }

  #chat(path: string, vendor: Vendor, wire: Wire, request: IncomingMessage, response: ServerResponse): void {
    const record = this.log.begin({ path, vendor, rightKey: this.#rightKey(request) }, request.rawHeaders);
    const exchange = new Exchange(request, response, record, wire.idHeader);
    response.on('close', () => {
      this.log.closed();
      exchange.closed();
    });
    readBody(request, (body) => {
      record.bodyBytes = body.length;
      record.bodyHash = hash('sha256', body);
      try {
        this.#answer(exchange, record, vendor, wire, body.toString());
      } catch (error) {
        // The mistake of a test, or of the caller: said where the caller looks, and never a hang.
        sendError(exchange, wire, 'bad-request', words(error));
      }
    });
  }

  /** Throws before anything is sent, or not at all. */
  #answer(exchange: Exchange, record: CallRecord, vendor: Vendor, wire: Wire, body: string): void {
    if (record.rightKey === false) return sendError(exchange, wire, 'wrong-key', null);
    if (vendor === 'anthropic' && !exchange.request.headers['anthropic-version'])
      throw new Error('anthropic-version: header is required');
    const { keyOf, models, contextTokens, keepBodies, seed = 1 } = this.#options;
    const json: unknown = JSON.parse(body);
    if (keepBodies) record.body = json;
    const call = readChatCall(vendor, json, keyOf);
    record.model = call.model;
    record.key = call.key ?? null;
    if (models && !models.includes(call.model)) return sendError(exchange, wire, 'unknown-model', null);
    if (contextTokens !== undefined && stubTokens(call.text) > contextTokens)
      return sendError(exchange, wire, 'context-length', null);
    const rule = this.#rules.take({
      call,
      bodyHash: record.bodyHash,
      inFlight: this.log.inFlight,
      since: performance.now() - this.#rulesSince,
    });
    record.rule = rule?.name ?? null;
    perform(
      {
        exchange,
        wire,
        stream: call.stream,
        latency: this.#latency,
        seed,
        reply: (behaviour) => {
          const { answer } = this.#answerer(behaviour.answers ?? this.#answers);
          return dressAnswer(record.number, call, answer(call), behaviour);
        },
      },
      rule?.then ?? { kind: 'answer' },
    );
  }
}

/** Starts the stub on a free port of loopback. */
export const startStubLlm = async (options: StubOptions = {}): Promise<StubLlm> => {
  const stub = new StubServer({ ...options });
  const server = createServer((request, response) => stub.handle(request, response));
  // A benchmark must not meet connections that close under it, nor pay for looking for slow ones.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/v1`,
    origin,
    get calls() {
      return stub.log.calls;
    },
    get inFlight() {
      return stub.log.inFlight;
    },
    get peakInFlight() {
      return stub.log.peakInFlight;
    },
    change: (change) => stub.change(change),
    reset: () => stub.reset(),
    close: () =>
      new Promise((resolve) => {
        // The only error that close gives is that it is closed already.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
