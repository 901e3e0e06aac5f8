import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answerer, type Answers, answererOf } from './answers.ts';
import { anthropicWire } from './anthropic-wire.ts';
import type { AsideBehaviour } from './behaviour.ts';
import { CallLog } from './call-log.ts';
import type { CallRecord } from './call-record.ts';
import { readChatCall, type Vendor } from './chat-call.ts';
import { stubTokens } from './count-tokens.ts';
import { dressAnswer } from './dress-answer.ts';
import { Exchange } from './exchange.ts';
import type { Latency } from './latency.ts';
import { openaiWire } from './openai-wire.ts';
import { JSON_TYPE, perform, performAside, sendError } from './perform.ts';
import { type Rule, RuleBook } from './rules.ts';
import type { StubChange, StubOptions } from './stub-options.ts';
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

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const sendJson = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

/** A model endpoint that does as it is told. It owns what goes over the wire; it knows nothing of who asks. */
export class StubServer {
  readonly log = new CallLog();
  readonly #options: StubOptions;
  #answers: Answers;
  /** By what they were made from, so that counts last as long as the rule that holds them. */
  readonly #answerers = new Map<Answers, Answerer>();
  readonly #seed: number;
  #latency: Latency;
  #modelsThen: AsideBehaviour | null;
  #ruleList: readonly Rule[];
  #rules: RuleBook;
  #rulesSince = performance.now();

  constructor(options: StubOptions) {
    this.#options = options;
    this.#answers = options.answers ?? { kind: 'text', text: 'ok' };
    this.#seed = options.seed ?? 1;
    this.#latency = options.latency ?? 0;
    this.#modelsThen = options.modelsThen ?? null;
    this.#ruleList = options.rules ?? [];
    this.#rules = new RuleBook(this.#ruleList);
  }

  change({ rules, latency, answers, modelsThen }: StubChange): void {
    if (answers !== undefined) this.#answers = answers;
    if (latency !== undefined) this.#latency = latency;
    if (modelsThen !== undefined) this.#modelsThen = modelsThen;
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
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const method = request.method ?? 'GET';
    const route = method === 'POST' ? PATHS[path] : undefined;
    if (route) this.#chat(path, route.vendor, route.wire, request, response);
    else if (path === '/__calls') {
      const after = Number(new URLSearchParams(query).get('after') ?? 0);
      sendJson(response, 200, JSON.stringify(this.log.since(after)));
    } else if (path === '/__control') this.#control(request, response);
    else this.#aside(method, path, request, response);
  }

  #rightKey(request: IncomingMessage): boolean | null {
    const { key } = this.#options;
    if (key === undefined) return null;
    const { headers } = request;
    return headers.authorization === `Bearer ${key}` || headers['x-api-key'] === key;
  }

  #aside(method: string, path: string, request: IncomingMessage, response: ServerResponse): void {
    const vendor = request.headers['anthropic-version'] ? 'anthropic' : 'openai';
    const wire = vendor === 'anthropic' ? anthropicWire : openaiWire;
    const rightKey = this.#rightKey(request);
    const record = this.log.aside({ method, path, vendor, rightKey }, request.rawHeaders);
    const exchange = new Exchange(request, response, record, wire.idHeader);
    response.on('close', () => exchange.closed());
    if (method !== 'GET' || path !== '/v1/models') return sendError(exchange, wire, 'unknown-path', null);
    if (this.#modelsThen) return performAside({ exchange, wire, seed: this.#seed }, this.#modelsThen);
    if (rightKey === false) return sendError(exchange, wire, 'wrong-key', null);
    const body = wire.models(this.#options.models ?? ['stub-1']);
    exchange.head(200, JSON_TYPE, Buffer.byteLength(body));
    exchange.end(body);
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
    const record = this.log.begin(
      { method: 'POST', path, vendor, rightKey: this.#rightKey(request) },
      request.rawHeaders,
    );
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
    const { keyOf, models, contextTokens, keepBodies } = this.#options;
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
        seed: this.#seed,
        reply: (behaviour) => {
          const { answer } = this.#answerer(behaviour.answers ?? this.#answers);
          return dressAnswer(record.number, call, answer(call), behaviour);
        },
      },
      rule?.then ?? { kind: 'answer' },
    );
  }
}
