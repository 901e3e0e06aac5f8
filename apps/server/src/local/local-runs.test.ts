import type { RunId, TraceId } from '@flywheel/domain/ids';
import type { LocalAnswer, LocalTask } from '@flywheel/domain/local-task';
import type { RunSummary } from '@flywheel/domain/run';
import { hexId } from '@flywheel/testkit/traces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../http/server.fixture.ts';
import { type LocalBench, localBench, SAMPLE, SCORE } from './local.fixture.ts';

let bench: LocalBench;
beforeAll(async () => {
  bench = await localBench(12);
});
afterAll(() => bench.close());

const trace = (n: number): TraceId => hexId(n) as TraceId;
const launch = (body: object) =>
  bench.workspace.local.launch(body as Parameters<typeof bench.workspace.local.launch>[0]);

describe('scores', () => {
  it('[R40] stand with each step, equal steps equally surprising, and say where they were computed', async () => {
    const run = await bench.ended((await launch({ ...SCORE, query: '' })).id);
    expect(run).toMatchObject({ state: 'succeeded', done: 12, failed: 0 });
    const [score] = await bench.workspace.store.localViews.scores(trace(1));
    expect(score).toMatchObject({ model: 'tiny', ranOn: { backend: 'node', precision: 'fp32' } });
    expect(score?.steps.map((s) => s.surprisal.length)).toEqual(['0 + 2 = 2\n'.length, 'A: 2'.length]);
    const [other] = await bench.workspace.store.localViews.scores(trace(2));
    // Both say the same up to the sum, where they part.
    expect(other?.steps[0]?.surprisal.slice(0, 8)).toEqual(score?.steps[0]?.surprisal.slice(0, 8));
    expect(other?.steps[0]?.surprisal[8]).not.toEqual(score?.steps[0]?.surprisal[8]);
  });

  it('refuse what cannot be asked, with the field and the remedy', async () => {
    await expect(launch({ ...SCORE, query: 'task:none' })).rejects.toThrow('query: it selects no trace');
    await expect(launch({ ...SCORE, precision: 'q4', query: '' })).rejects.toThrow(
      'precision: tiny has no graph of precision q4: it has fp32.',
    );
    await expect(launch({ ...SCORE, model: 'other', query: '' })).rejects.toThrow(
      'There is no model other. Add it',
    );
  });

  it('of a rule: hits, and how many of them are flawed, beside all', async () => {
    const answer = await bench.ask(
      `/trpc/local.rule?input=${encodeURIComponent(JSON.stringify({ query: 'task:sums model:sums', rule: 'error:0' }))}`,
    );
    const { n, hits, against } = dataOf<{
      n: number;
      hits: number;
      against: {
        truth: string;
        precision: { hits: number; n: number } | null;
        base: { hits: number; n: number };
      }[];
    }>(answer);
    expect([n, hits]).toEqual([12, 6]);
    const gold = against.find((a) => a.truth === 'gold');
    expect(gold).toMatchObject({ precision: { hits: 6, n: 6 }, base: { hits: 6, n: 6 } });
  });
});

describe('samples', () => {
  it('[R40] are traces of their own, one problem once, the same for the same seed', async () => {
    const first = await bench.ended((await launch({ ...SAMPLE, query: 'model:sums' })).id);
    expect(first).toMatchObject({ state: 'succeeded', total: 6, done: 6 });
    const again = await bench.ended((await launch({ ...SAMPLE, query: 'model:sums' })).id);
    const texts = async (run: RunSummary): Promise<string[][]> => {
      const items = await bench.workspace.store.localViews.sampled(run.id as RunId);
      const ids = items.flatMap((i) => i.samples.map((s) => s.trace));
      return (await bench.workspace.store.traces.openMany(ids)).map((t) => t.steps);
    };
    expect(await texts(again)).toEqual(await texts(first));
    expect((await texts(first)).length).toBe(18);
  });

  it('fork behind the steps before the flaw, and only where there is one', async () => {
    const launched = await launch({
      ...SAMPLE,
      n: 2,
      from: { kind: 'step', step: 1 },
      query: `id:${trace(4)}`,
    });
    await bench.ended(launched.id);
    const { children } = await bench.workspace.store.localViews.relatives(trace(4));
    expect(children.map((c) => [c.kind, c.step])).toEqual([
      ['fork', 1],
      ['fork', 1],
    ]);
    const [fork] = await bench.workspace.store.traces.openMany(children.map((c) => c.trace));
    expect(fork?.steps[0]).toBe('1 + 2 = 4');
    expect(fork?.extra).toMatchObject({ forked_from: trace(4), steps_kept: 1 });
    const flaws = await bench.ended(
      (await launch({ ...SAMPLE, from: { kind: 'flaw' }, query: 'model:sums' })).id,
    );
    expect(flaws).toMatchObject({ done: 6, skipped: 6 });
  });
});

it('step labels: a step is good when a sample reaches the answer from behind it', async () => {
  const { from: _from, ...drawing } = SAMPLE;
  const run = await bench.ended(
    (
      await launch({
        ...drawing,
        kind: 'step-label',
        estimate: 'hard',
        bound: 0.5,
        query: `id:${trace(1)},${trace(2)}`,
      })
    ).id,
  );
  expect(run).toMatchObject({ state: 'succeeded', done: 2 });
  const [right, wrong] = await bench.workspace.store.traces.openMany([trace(1), trace(2)]);
  const of = (t: typeof right) => t?.judgements.find((j) => j.judge === 'local:rollouts-hard-tiny');
  // Behind its last step the trace has given its answer: a right one stays right, a wrong one wrong.
  expect(of(right)?.labels.at(-1)).toBe(1);
  expect(of(wrong)).toMatchObject({ verdict: 'flawed', labels: [-1, -1], firstError: 0 });
  expect(of(wrong)?.rationale).toContain('[S0] 0 of 3 samples reach 2.');
});

describe('tabs', () => {
  it('[R44] take work, report it and give it back over HTTP', async () => {
    const run = await launch({ ...SCORE, executor: 'browser', query: `id:${trace(3)},${trace(5)}` });
    const worker = { id: 'tab-1', ranOn: { backend: 'web-wasm', precision: 'fp32', adapter: null } };
    const take = async () => {
      for (;;) {
        const taken = dataOf<{ kind: string; lease: { id: string; tasks: LocalTask[] } }>(
          await bench.post('leases.take', { run: run.id, worker, most: 8 }),
        );
        if (taken.kind === 'lease') return taken.lease;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const first = await take();
    expect(first.tasks).toHaveLength(2);
    await bench.post('leases.giveBack', { run: run.id, lease: first.id, why: null });
    const { id: lease, tasks } = await take();
    expect(dataOf(await bench.post('leases.renew', { run: run.id, lease }))).toEqual({ held: true });
    const few = await bench.post('leases.report', { run: run.id, lease, answers: [] });
    expect(few.status).toBe(400);
    const answers: LocalAnswer[] = tasks.map((task) => ({
      kind: 'score',
      promptTokens: 1,
      pieces: (task as { pieces: string[] }).pieces.map(() => ({
        starts: [0],
        surprisal: [1.5],
        rank: [0],
        entropy: [1],
      })),
    }));
    const strange = await bench.post('leases.report', {
      run: run.id,
      lease,
      answers: [
        {
          kind: 'score',
          promptTokens: 1,
          pieces: [{ starts: [0], surprisal: ['NaN'], rank: [0], entropy: [0] }],
        },
      ],
    });
    expect(strange.status).toBe(400);
    expect((await bench.post('leases.report', { run: run.id, lease, answers })).status).toBe(200);
    expect(await bench.ended(run.id)).toMatchObject({ state: 'succeeded', done: 2 });
    const [score] = await bench.workspace.store.localViews.scores(trace(3));
    expect(score?.ranOn.backend).toBe('web-wasm');
    // A run that is over takes no more.
    expect(dataOf(await bench.post('leases.take', { run: run.id, worker, most: 8 }))).toEqual({
      kind: 'over',
    });
  });
});

describe('the provider of local models', () => {
  it('answers chats of several at once, streams them, and says what it cannot take', async () => {
    const { providers } = bench.workspace;
    const settings = { id: 'here', kind: 'local', baseUrl: null, model: 'tiny' } as never;
    const provider = await providers.save(settings);
    expect(await providers.models(provider.id, new AbortController().signal)).toEqual(['tiny']);
    const ask = (text: string, onText?: (delta: string) => void) =>
      providers.desk.ask({
        request: {
          model: 'tiny',
          messages: [{ role: 'user', content: text }],
          params: { maxTokens: 6, temperature: 0 },
          schema: null,
        },
        provider,
        key: null,
        repetition: 0,
        caller: 'test',
        priority: 'normal',
        limit: null,
        signal: new AbortController().signal,
        ...(onText && { onText }),
      });
    const pieces: string[] = [];
    const [a, b, c] = await Promise.all([
      ask('What is 3 + 4? ', (d) => pieces.push(d)),
      ask('abc'),
      ask('the quick'),
    ]);
    expect(a.answer.usage).toEqual({ input: 15, output: 6, estimated: false });
    expect(pieces.join('')).toBe(a.answer.text);
    // As it would have answered alone.
    expect((await ask('What is 3 + 4? ')).answer.text).toBe(a.answer.text);
    expect(b.answer.text).not.toBe(c.answer.text);
    await expect(ask('x'.repeat(300))).rejects.toThrow('The question has 300 tokens, but tiny takes 256');
    const test = await providers.test(provider.id);
    expect(test.steps.map((s) => [s.name, s.ok]).slice(0, 3)).toEqual([
      ['endpoint', true],
      ['key', true],
      ['model', true],
    ]);
  });
});

describe('files of models', () => {
  it('are sent whole or in part, only those that are listed', async () => {
    const at = '/models/tiny/files';
    const whole = await bench.ask(`${at}/config.json`);
    expect(whole.status).toBe(200);
    expect(JSON.parse(whole.body)).toMatchObject({ model_type: 'llama' });
    const part = await bench.ask(`${at}/config.json`, { headers: { range: 'bytes=2-9' } });
    expect([part.status, part.body]).toEqual([206, whole.body.slice(2, 10)]);
    for (const path of ['/../config.json', '/secret.txt', '/onnx', '/..%2f..%2fetc%2fpasswd'])
      expect((await bench.ask(`${at}${path}`)).status, path).toBe(404);
    expect((await bench.ask('/models/none/files/config.json')).status).toBe(404);
    expect((await bench.bare(`${at}/config.json`)).status).toBe(401);
  });
});
