import { Tuning } from '@flywheel/domain/critique';
import { RunSummary } from '@flywheel/domain/run';
import { expect, it } from 'vitest';
import { LIMIT_FIELDS, limitProblem, limitsText, limitTexts, tuningOf } from './limits-fields.ts';

const tuning = (more: object): Tuning => Tuning.parse(more);
const run = (more: object, now: Tuning | null): RunSummary =>
  RunSummary.parse({
    id: 1,
    kind: 'critique',
    title: 'a v1',
    state: 'paused',
    subject: '',
    fingerprint: 'f',
    total: 10,
    done: 1,
    failed: 0,
    skipped: 0,
    progress: null,
    error: null,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    result: {},
    tuning: now,
    ...more,
  });

it('the texts of the form are the limits again; empty is none', () => {
  const now = tuning({ concurrency: 6, priority: 'high', budget: { tokens: 30_000, minutes: 0.5 } });
  expect(limitTexts(now)).toEqual({ concurrency: '6', tokens: '30000', money: '', minutes: '0.5' });
  expect(tuningOf(limitTexts(now), 'high')).toEqual(now);
  expect(tuningOf({ concurrency: ' ', tokens: '', money: '', minutes: '' }, 'low')).toEqual(
    tuning({ priority: 'low' }),
  );
});

it.each([
  ['concurrency', '', ''],
  ['concurrency', '12', ''],
  ['concurrency', '1.5', 'A whole number, please.'],
  ['concurrency', '4000', '2,048 at most.'],
  ['money', '0.25', ''],
  ['money', '-1', 'More than 0.'],
  ['minutes', 'ten', 'A number, please.'],
] as const)('%s %j: %j', (name, text, problem) => {
  const field = LIMIT_FIELDS.find((f) => f.name === name);
  expect(field && limitProblem(field, text)).toBe(problem);
});

it('limits in words say what is used up', () => {
  const spend = { calls: 2, cached: 0, parseFailures: 0, inputTokens: 900, outputTokens: 100, cost: 0.01 };
  const budget = { tokens: 5_000, money: 0.5, minutes: 10 };
  expect(limitsText(run({ spend, result: { workedSeconds: 90 } }, tuning({ concurrency: 4, budget })))).toBe(
    'at most 4 calls at once; normal priority; stops before 5,000 tokens (1,000 used), $0.5 ($0.0100 spent), 10 min (1.5 worked)',
  );
  expect(limitsText(run({}, tuning({})))).toBe(
    'as many calls at once as the provider allows; normal priority; no budget',
  );
  expect(limitsText(run({}, null))).toBe('');
});
