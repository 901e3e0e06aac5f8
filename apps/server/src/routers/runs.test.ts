import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import type { RunSummary } from '@flywheel/domain/run';
import { jsonl, seededTraces } from '@flywheel/testkit/traces';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataOf, type Served, served } from '../http/server.fixture.ts';

let s: Served;
beforeAll(async () => {
  s = await served();
  const file = path.join(s.home, 'traces.jsonl');
  await writeFile(
    file,
    jsonl(
      seededTraces(300).map((t) => ({
        id: t.id,
        problem: t.prompt,
        steps: t.steps,
        label: -1,
        generator: t.model,
      })),
    ),
  );
  const imported = dataOf<RunSummary>(
    await s.post('imports.start', { sources: [{ path: file }], preset: 'processbench', verify: false }),
  );
  expect(await ended(imported.id)).toMatchObject({ state: 'succeeded', done: 300 });
});
afterAll(() => s.close());

const get = async (id: number): Promise<RunSummary> =>
  dataOf(await s.ask(`/trpc/runs.get?input=${encodeURIComponent(JSON.stringify({ id }))}`));
const ended = async (id: number): Promise<RunSummary> => {
  await s.workspace.runs.wait(id as Parameters<typeof s.workspace.runs.wait>[0]);
  return get(id);
};
const judge = async (query: string): Promise<RunSummary> =>
  dataOf(await s.post('judges.run', { verifier: 'calc-annotations', query }));

interface Event {
  id: string;
  run: RunSummary;
}

/** Listens to the run events as an EventSource does, from `lastId` on, until `enough`. */
const listen = (lastId: string | null, enough: (events: Event[]) => boolean): Promise<Event[]> =>
  new Promise((resolve, reject) => {
    const headers = {
      host: `127.0.0.1:${s.server.port}`,
      accept: 'text/event-stream',
      cookie: `flywheel_${s.server.port}=${s.token}`,
      ...(lastId === null ? {} : { 'last-event-id': lastId }),
    };
    const request = http.get({
      host: '127.0.0.1',
      port: s.server.port,
      path: '/trpc/runs.events',
      headers,
      agent: false,
    });
    const events: Event[] = [];
    request.on('error', reject);
    request.on('response', (response) => {
      expect(response.statusCode).toBe(200);
      expect(response.headers['content-type']).toMatch(/^text\/event-stream/);
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
          const id = field('id');
          if (id !== undefined) events.push({ id, run: JSON.parse(field('data') ?? '') as RunSummary });
        }
        if (!enough(events)) return;
        request.destroy();
        resolve(events);
      });
      response.on('error', () => undefined);
    });
  });
const hasEnded = (id: number) => (events: Event[]) =>
  events.some((e) => e.run.id === id && e.run.state === 'succeeded');

it('[R11] a stream that breaks goes on after the last event it sent: no end is missed, none is told twice', async () => {
  const first = await judge('');
  const seen = await listen(null, hasEnded(first.id));
  const lastId = seen.at(-1)?.id ?? '';
  expect(new Set(seen.map((e) => e.id)).size).toBe(seen.length);
  // Away while this one runs and ends.
  const second = await judge('model:model-1');
  await ended(second.id);
  const after = await listen(lastId, hasEnded(second.id));
  expect(after.map((e) => e.run.id)).toEqual([second.id]);
  expect(after[0]?.run).toMatchObject({ state: 'succeeded', total: 100, done: 100 });
  // An id of an earlier start of the server: everything that changed since this one began.
  const all = await listen('earlier-7', hasEnded(second.id));
  expect(all.map((e) => e.run.id)).toEqual(expect.arrayContaining([first.id, second.id]));
});

it('lists and shows runs with all that a Runs screen needs', async () => {
  const made = await judge('model:model-2');
  const run = await ended(made.id);
  expect(run).toMatchObject({
    kind: 'verify',
    title: 'Calculation annotations',
    subject: 'model:model-2',
    state: 'succeeded',
    total: 100,
    done: 100,
    failed: 0,
    skipped: 0,
    error: null,
    config: { judge: 'verifier:calc-annotations' },
  });
  expect(run.result.flawed).toBeGreaterThan(0);
  expect(run.startedAt).toBeGreaterThanOrEqual(run.createdAt);
  expect(run.endedAt).toBeGreaterThanOrEqual(run.startedAt ?? Number.POSITIVE_INFINITY);
  const [newest] = dataOf<RunSummary[]>(await s.ask('/trpc/runs.list'));
  expect(newest).toMatchObject({ id: made.id, state: 'succeeded' });
  const input = encodeURIComponent(JSON.stringify({ id: made.id }));
  expect(dataOf(await s.ask(`/trpc/runs.failures?input=${input}`))).toEqual({ total: 0, items: [] });
  const retried = await s.post('runs.retry', { id: made.id });
  expect([retried.status, retried.body]).toEqual([400, expect.stringContaining('no failed items')]);
  for (const act of ['cancel', 'pause', 'resume'])
    expect((await s.post(`runs.${act}`, { id: made.id })).status, act).toBe(409);
});

it('an export that succeeded names a file that can be downloaded', async () => {
  const made = dataOf<RunSummary>(await s.post('exports.start', { format: 'jsonl', query: 'model:model-0' }));
  const run = await ended(made.id);
  expect(run).toMatchObject({ state: 'succeeded', result: { written: 100 } });
  const file = await s.ask(`/download/${run.result.file}`);
  expect(file.status).toBe(200);
  expect(file.headers['content-disposition']).toMatch(/^attachment; filename="/);
  expect(file.body.trimEnd().split('\n')).toHaveLength(100);
});
