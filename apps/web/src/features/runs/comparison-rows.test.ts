import { RunSummary } from '@flywheel/domain/run';
import { expect, it } from 'vitest';
import { comparisonRows, devText, milliseconds } from './comparison-rows.ts';
import type { RunFigures } from './server.ts';

const figures = (more: Partial<RunFigures>, spend: RunSummary['spend'] = null): RunFigures => ({
  run: RunSummary.parse({
    id: 1,
    kind: 'critique',
    title: 'a v1',
    state: 'succeeded',
    subject: '',
    fingerprint: 'f',
    total: 10,
    done: 9,
    failed: 1,
    skipped: 0,
    progress: null,
    error: null,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    result: {},
    spend,
  }),
  judge: null,
  model: null,
  flawed: null,
  clean: null,
  seconds: null,
  rate: null,
  times: null,
  dev: null,
  ...more,
});
const valuesOf = (all: RunFigures[], label: string): string[] | undefined =>
  comparisonRows(all)
    .find((row) => row.label === label)
    ?.values.map((v) => v.value);

it('figures stand as rows, runs as columns; what none has is left out', () => {
  const spend = { calls: 12, cached: 0, parseFailures: 3, inputTokens: 9, outputTokens: 1, cost: null };
  const both = [
    figures({ flawed: 3, clean: 6, times: { modelMs: 1_240, queueMs: 3 } }, spend),
    figures({ judge: 'verifier:dyck' }),
  ];
  expect(valuesOf(both, 'flawed')).toEqual(['3, 33.3 %', '']);
  expect(valuesOf(both, 'cost')).toEqual(['unknown', '']);
  expect(valuesOf(both, 'at the model')).toEqual(['1.24 s', '']);
  expect(valuesOf(both, 'judge')).toEqual(['', 'verifier:dyck']);
  expect(valuesOf(both, 'over')).toEqual(['all traces', 'all traces']);
  expect(valuesOf(both, 'F1 on dev')).toBeUndefined();
});

it('a score names its interval, its baseline and how much gold there was', () => {
  expect(devText({ n: 30, f1: 0.625, interval: [0.5, 0.7], baseline: 0 })).toEqual({
    value: '62.5 %',
    title: '95 % interval 50.0 % to 70.0 %, always clean 0.0 %, 30 traces with gold',
  });
  expect(devText({ n: 2, f1: null, interval: null, baseline: null })).toEqual({
    value: 'too little gold',
    title: '2 traces with gold',
  });
});

it('times read well at any size', () => {
  expect([3.04, 42.3, 1_240].map(milliseconds)).toEqual(['3.0 ms', '42 ms', '1.24 s']);
});
