import { CriticBody } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import { expect, it } from 'vitest';
import type { TryEvent } from './server.ts';
import { type Ask, createTries, type RoundRequest, staleness } from './tries.ts';
import { createQueue } from './try-queue.ts';

const BODY = CriticBody.parse({ system: '', user: 'u', schema: {}, params: {}, examples: {} });
const WHERE = { provider: 'p', model: 'm' };
const ids = (n: number): TraceId[] => Array.from({ length: n }, (_, i) => `t${i}` as TraceId);
const request = (n: number, more: Partial<RoundRequest> = {}): RoundRequest => ({
  body: BODY,
  where: WHERE,
  label: 'draft',
  traces: ids(n),
  fresh: false,
  ...more,
});
const done = (text: string): TryEvent => ({
  type: 'done',
  answer: { text, finish: 'stop', usage: { input: 1, output: 1, estimated: false }, modelMs: 1 },
  parsed: {
    ok: true,
    firstError: 1,
    category: null,
    confidence: null,
    rationale: '',
    citations: [],
    found: 'whole',
  },
  cached: false,
  cost: null,
  queueMs: 0,
});
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Asks that are answered by hand. */
const byHand = () => {
  const open = new Map<string, { say: (event: TryEvent) => void; end: () => void; signal: AbortSignal }>();
  let most = 0;
  const ask: Ask = (input, signal) => {
    const events: TryEvent[] = [];
    let ended = false;
    let wake = (): void => {};
    const change = (act: () => void) => (): void => {
      act();
      wake();
    };
    open.set(input.trace, {
      say: (event) => change(() => events.push(event))(),
      end: change(() => {
        ended = true;
      }),
      signal,
    });
    most = Math.max(most, open.size);
    return (async function* () {
      try {
        for (;;) {
          const next = events.shift();
          if (next) yield next;
          else if (ended) return;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        open.delete(input.trace);
      }
    })();
  };
  return { ask, open, most: () => most };
};

it('[W10] no more traces are asked at a time than there are places; the others wait, and have their turn', async () => {
  const { ask, open, most } = byHand();
  const tries = createTries(ask, createQueue(3));
  const run = tries.run(request(8));
  await settle();
  const states = () => [...(tries.store.getState().rounds[0]?.tries.values() ?? [])].map((t) => t.state);
  expect(states()).toEqual([...Array(3).fill('asking'), ...Array(5).fill('waiting')]);
  for (let i = 0; i < 8; i++) {
    const [[, call] = []] = open;
    call?.say(done('x'));
    call?.end();
    await settle();
  }
  await run;
  expect(states()).toEqual(Array(8).fill('done'));
  expect(most()).toBe(3);
  expect(tries.store.getState().asking).toBe(false);
});

it('[W10] the places are those of the page: rounds of two tabs share them', async () => {
  const { ask, open, most } = byHand();
  const queue = createQueue(3);
  const [one, two] = [createTries(ask, queue), createTries(ask, queue)];
  void one.run(request(3));
  void two.run(request(3, { traces: ['a', 'b', 'c'] as TraceId[] }));
  await settle();
  expect([...open.keys()]).toEqual(['t0', 't1', 't2']);
  one.stop();
  for (const call of [...open.values()]) call.end();
  await settle();
  expect([...open.keys()]).toEqual(['a', 'b', 'c']);
  expect(most()).toBe(3);
});

it('[W11] stop ends what is asked and what waits at once, and later words change nothing', async () => {
  const { ask, open } = byHand();
  const tries = createTries(ask, createQueue(1));
  const run = tries.run(request(3));
  await settle();
  const [[, call] = []] = open;
  call?.say({ type: 'text', delta: 'half' });
  await settle();
  tries.stop();
  expect(call?.signal.aborted).toBe(true);
  const tried = () => tries.store.getState().rounds[0]?.tries;
  expect([...(tried()?.values() ?? [])]).toEqual([
    { state: 'stopped', text: 'half' },
    { state: 'stopped', text: '' },
    { state: 'stopped', text: '' },
  ]);
  call?.say(done('late'));
  call?.end();
  await run;
  expect(tried()?.get('t0' as TraceId)).toEqual({ state: 'stopped', text: 'half' });
});

it('[W12] rounds of other texts and models stay to be compared with; the same round again takes its place', async () => {
  const ask: Ask = async function* () {
    yield done('x');
  };
  const tries = createTries(ask, createQueue(3));
  await tries.run(request(1));
  await tries.run(request(1, { where: { provider: 'p', model: 'other' } }));
  await tries.run(request(1, { fresh: true }));
  const { rounds } = tries.store.getState();
  expect(rounds.map((r) => r.where.model)).toEqual(['m', 'other']);
  const [round] = rounds;
  expect(round && staleness(round, BODY, WHERE)).toBeNull();
  expect(round && staleness(round, { ...BODY, user: 'other' }, WHERE)).toBe('of an earlier text');
  expect(round && staleness(round, BODY, { provider: 'p', model: 'other' })).toBe('of m');
});

it('[W13] a stream that ends early has failed, and so has one that breaks', async () => {
  const ends: Ask = async function* () {
    yield { type: 'text', delta: '{"first' };
  };
  const breaks: Ask = async function* () {
    yield { type: 'text', delta: '{' };
    throw new Error('connection lost');
  };
  for (const [ask, message] of [
    [ends, 'The answer ended early.'],
    [breaks, 'connection lost'],
  ] as const) {
    const tries = createTries(ask, createQueue(3));
    await tries.run(request(1));
    expect(tries.store.getState().rounds[0]?.tries.get('t0' as TraceId)).toMatchObject({
      state: 'failed',
      message,
    });
  }
});
