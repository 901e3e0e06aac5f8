import { expect, test } from 'vitest';
import type { ChatCall } from './chat-call.ts';
import { drawLatency } from './latency.ts';
import { type Incoming, type Rule, RuleBook } from './rules.ts';

const CALL: ChatCall = {
  vendor: 'openai',
  model: 'stub-1',
  text: 'judge this',
  prompt: 'judge this',
  key: 'k',
  stream: false,
  streamUsage: false,
  maxTokens: null,
  tool: null,
};
const incoming = (more: Partial<Incoming> & { text?: string } = {}): Incoming => ({
  call: { ...CALL, text: more.text ?? CALL.text },
  bodyHash: more.bodyHash ?? 'b0',
  inFlight: more.inFlight ?? 1,
  since: more.since ?? 0,
});
const hang = { kind: 'hang' } as const;
const taken = (rules: readonly Rule[], calls: readonly Incoming[]): (string | null)[] => {
  const book = new RuleBook(rules);
  return calls.map((call) => book.take(call)?.name ?? null);
};

test('[L6] every, first and firstOfEach count what came as far as the rule and fits otherwise', () => {
  const six = Array.from({ length: 6 }, () => incoming());
  expect(taken([{ when: { every: 3 }, then: hang }], six)).toEqual([null, null, '0', null, null, '0']);
  expect(taken([{ when: { first: 2 }, then: hang }], six)).toEqual(['0', '0', null, null, null, null]);
  // The second rule never sees the two calls that the first one took.
  const two = [
    { when: { first: 2 }, then: hang },
    { when: { every: 2 }, then: hang },
  ];
  expect(taken(two, six)).toEqual(['0', '0', null, '1', null, '1']);
  const texts = ['a', 'x', 'x', 'b', 'x'].map((text) => incoming({ text }));
  expect(taken([{ when: { contains: 'x', first: 2 }, then: hang }], texts)).toEqual([
    null,
    '0',
    '0',
    null,
    null,
  ]);
  const bodies = ['p', 'q', 'p', 'q', 'r', 'p'].map((bodyHash) => incoming({ bodyHash }));
  expect(taken([{ when: { firstOfEach: 1 }, then: hang }], bodies)).toEqual([
    '0',
    '0',
    null,
    null,
    '0',
    null,
  ]);
});

test('[L6] windows, calls in flight, vendor and model', () => {
  const times = [0, 99, 100, 199, 200].map((since) => incoming({ since }));
  expect(taken([{ when: { window: [100, 200] }, then: hang }], times)).toEqual([null, null, '0', '0', null]);
  expect(taken([{ when: { window: [100, null] }, then: hang }], times)).toEqual([null, null, '0', '0', '0']);
  const loads = [1, 4, 5].map((inFlight) => incoming({ inFlight }));
  expect(taken([{ when: { inFlightOver: 4 }, then: hang }], loads)).toEqual([null, null, '0']);
  expect(taken([{ when: { vendor: 'anthropic' }, then: hang }], loads)).toEqual([null, null, null]);
  expect(taken([{ name: 'mine', when: { model: 'stub-1' }, then: hang }], loads)[0]).toBe('mine');
});

test('[L7] a fraction takes its share of bodies, the same ones each time', () => {
  const bodies = Array.from({ length: 4000 }, (_, n) => incoming({ bodyHash: `body ${n}` }));
  const rules = [{ when: { fraction: { of: 0.1, seed: 4 } }, then: hang }];
  const once = taken(rules, bodies);
  expect(taken(rules, [...bodies].reverse()).reverse()).toEqual(once);
  const share = once.filter((name) => name !== null).length / bodies.length;
  expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
  const other = taken([{ when: { fraction: { of: 0.1, seed: 5 } }, then: hang }], bodies);
  expect(other).not.toEqual(once);
});

test('[L7] latencies follow their distribution and their seed', () => {
  const draws = (latency: Parameters<typeof drawLatency>[0], seed = 1): number[] =>
    Array.from({ length: 4000 }, (_, n) => drawLatency(latency, n + 1, seed)).sort((a, b) => a - b);
  expect(new Set(draws(20))).toEqual(new Set([20]));
  const uniform = draws({ kind: 'uniform', min: 10, max: 30 });
  expect(uniform[0]).toBeGreaterThanOrEqual(10);
  expect(uniform.at(-1)).toBeLessThan(30);
  expect(uniform[2000]).toBeCloseTo(20, -1);
  const skewed = draws({ kind: 'lognormal', median: 100, sigma: 0.5 });
  expect(Math.abs((skewed[2000] as number) - 100)).toBeLessThan(5);
  expect(Math.abs((skewed[3800] as number) - 228)).toBeLessThan(20);
  expect(draws({ kind: 'lognormal', median: 100, sigma: 0.5 })).toEqual(skewed);
  expect(draws({ kind: 'lognormal', median: 100, sigma: 0.5 }, 2)).not.toEqual(skewed);
});
