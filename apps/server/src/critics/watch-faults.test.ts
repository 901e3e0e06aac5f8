import http from 'node:http';
import type { RunId, TraceId } from '@flywheel/domain/ids';
import { seededRandom } from '@flywheel/domain/metrics/random';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunLive } from '@flywheel/domain/run-live';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import type { StubLlm } from '@flywheel/testkit/llm/stub-options';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Served, served } from '../http/server.fixture.ts';
import { fillWithGold, launchOf, prepare } from './critique.fixture.ts';

const TRACES = 240;
let s: Served;
let stub: StubLlm;
let traces: TraceId[];
beforeAll(async () => {
  const text = JSON.stringify({ first_error: 1, category: null, confidence: 1, rationale: '[S1]' });
  stub = await startStubLlm({
    answers: { kind: 'text', text },
    latency: { kind: 'uniform', min: 20, max: 90 },
  });
  s = await served();
  traces = await fillWithGold(s.workspace, TRACES);
  await prepare(s.workspace, stub.url, { limits: { concurrency: 5 } });
});
afterAll(async () => {
  await s.close();
  await stub.close();
});

interface SseEvent {
  id: string;
  data: unknown;
}

/** Reads a stream as an EventSource does, from `lastId` on, and breaks the connection as soon as `enough` says so. */
const read = (
  path: string,
  lastId: string | null,
  enough: (event: SseEvent, n: number) => boolean,
): Promise<SseEvent[]> =>
  new Promise((resolve, reject) => {
    const request = http.get({
      host: '127.0.0.1',
      port: s.server.port,
      path,
      agent: false,
      headers: {
        host: `127.0.0.1:${s.server.port}`,
        accept: 'text/event-stream',
        cookie: `flywheel_${s.server.port}=${s.token}`,
        ...(lastId === null ? {} : { 'last-event-id': lastId }),
      },
    });
    const events: SseEvent[] = [];
    let over = false;
    request.on('error', (error) => over || reject(error));
    request.on('response', (response) => {
      let text = '';
      response.on('error', () => undefined);
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
          const id = field('id');
          if (over || id === undefined) continue;
          const event = { id, data: JSON.parse(field('data') ?? 'null') as unknown };
          events.push(event);
          // What the server had sent beyond this one is lost with the connection.
          if (!enough(event, events.length)) continue;
          over = true;
          request.destroy();
          resolve(events);
        }
      });
    });
  });

it('[R18] connections that break again and again lose no record of a run and repeat none', async () => {
  const random = seededRandom(18);
  const run = await s.workspace.launches.launch(launchOf());
  const path = `/trpc/runs.watch?input=${encodeURIComponent(JSON.stringify({ id: run.id }))}`;
  const seen: RunLive[] = [];
  const ids: string[] = [];
  let lastId: string | null = null;
  let connections = 0;
  const items = () => seen.filter((live) => live.type === 'item');
  while (items().length < TRACES) {
    const batches = 1 + Math.floor(random() * 6);
    let had = items().length;
    const events = await read(path, lastId, ({ data }, n) => {
      had += (data as RunLive[]).filter((live) => live.type === 'item').length;
      return n >= batches || had >= TRACES;
    });
    connections++;
    for (const { id, data } of events) {
      ids.push(id);
      seen.push(...(data as RunLive[]));
    }
    lastId = ids.at(-1) ?? null;
    await new Promise((resolve) => setTimeout(resolve, random() * 60));
  }
  await s.workspace.runs.wait(run.id as RunId);
  expect(connections).toBeGreaterThan(8);
  expect(new Set(ids).size).toBe(ids.length);
  expect(
    items()
      .map((live) => live.type === 'item' && live.trace)
      .sort(),
  ).toEqual([...traces].sort());
}, 40_000);

it('[R4] the summary of a run never goes back over broken connections, and its end is seen', async () => {
  const run = await s.workspace.launches.launch(launchOf({ repetitions: 2 }));
  const summaries: RunSummary[] = [];
  let lastId: string | null = null;
  while (!summaries.some((r) => r.id === run.id && r.state === 'succeeded')) {
    const events = await read('/trpc/runs.events', lastId, ({ data }, n) => {
      const { id, state } = data as RunSummary;
      return n >= 2 || (id === run.id && state === 'succeeded');
    });
    lastId = events.at(-1)?.id ?? lastId;
    summaries.push(...events.map((event) => event.data as RunSummary));
  }
  const done = summaries.filter((r) => r.id === run.id).map((r) => r.done + r.failed);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(done.at(-1)).toBe(2 * TRACES);
}, 40_000);
