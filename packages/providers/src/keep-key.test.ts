import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepKey } from './keep-key.ts';
import { openClient } from './open-client.ts';
import { question, rejection, settings } from './provider.fixture.ts';

const KEY = 'sk-a-key-that-must-not-come-back';
const NEVER = new AbortController().signal;

let server: Server;
let url: string;
let status = 401;
beforeEach(async () => {
  // Repeats what it was sent, as some proxies do.
  server = createServer((request, response) => {
    const said = `Invalid token ${request.headers.authorization ?? request.headers['x-api-key']}`;
    const answer = {
      id: 'a',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: said }, finish_reason: 'stop' }],
      data: [{ id: said }],
      error: { message: said },
    };
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterEach(() => server.close());

it.each(['openai', 'anthropic'] as const)(
  '[P3] %s: an endpoint that repeats the key does not make it show',
  async (kind) => {
    const client = openClient(settings(url, { kind }), KEY, { recordings: '' });
    for (status of [401, 400, 429, 500, 418])
      for (const call of [() => client.complete(question(), { signal: NEVER }), () => client.models(NEVER)]) {
        const failure = await rejection(call());
        expect(inspect(failure, { depth: 9 }), `status ${status}`).not.toContain(KEY);
        expect(String(failure)).toContain('[key]');
      }
    status = 200;
    expect((await client.models(NEVER)).join()).not.toContain(KEY);
    const answered = await client.complete(question(), { signal: NEVER }).catch((error: unknown) => error);
    expect(inspect(answered, { depth: 9 })).not.toContain(KEY);
    await client.close();
  },
);

it('[P3] a key inside a stream does not show, however the pieces cut it, and nothing else is lost', async () => {
  const random = seededRandom(5);
  // Beginnings of the key, the key itself, and keys that overlap.
  const key = 'aab-aab';
  const words = [key, 'aab-', 'aa', 'b', '-', 'aab-aab-aab', ' x '];
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 6 }, () => words[Math.floor(random() * words.length)]).join('');
    const pieces: string[] = [];
    for (let at = 0; at < text.length; ) {
      const length = 1 + Math.floor(random() * 5);
      pieces.push(text.slice(at, at + length));
      at += length;
    }
    const told: string[] = [];
    const client = keepKey(
      {
        complete: async (_, { onText }) => {
          for (const piece of pieces) onText?.(piece);
          const usage = { input: 1, output: 1, estimated: false };
          return { text, finish: 'stop', usage, modelMs: 1 };
        },
        models: async () => [],
        close: async () => undefined,
      },
      key,
    );
    const { text: whole } = await client.complete(question(), { signal: NEVER, onText: (d) => told.push(d) });
    expect(told.join(''), pieces.join('|')).toBe(whole);
    expect(whole).not.toContain(key);
    expect(told).not.toContain('');
  }
});
