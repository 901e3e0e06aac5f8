import { RunSummary } from '@flywheel/domain/run';
import { expect, it } from 'vitest';
import { endOf } from './run-ends.ts';

const run = (patch: Partial<RunSummary>): RunSummary =>
  RunSummary.parse({
    id: 41,
    kind: 'critique',
    title: 'first-error v7',
    state: 'running',
    subject: '',
    fingerprint: 'f',
    total: 1_200,
    done: 1_197,
    failed: 3,
    skipped: 0,
    progress: null,
    error: null,
    createdAt: 0,
    startedAt: 0,
    endedAt: null,
    result: {},
    ...patch,
  });

it.each<[Partial<RunSummary>, Partial<RunSummary>, string | null]>([
  [{}, { state: 'succeeded' }, 'Run 41, first-error v7, succeeded: 1,197 done, 3 failed'],
  [{}, { state: 'cancelled', failed: 0 }, 'Run 41, first-error v7, cancelled: 1,197 done'],
  [{}, { state: 'failed', error: 'No space.' }, 'Run 41, first-error v7, failed: No space.'],
  [{}, { state: 'paused', error: 'Raise the budget.' }, 'Run 41, first-error v7, waits: Raise the budget.'],
  [{}, { state: 'paused' }, null],
  [{ state: 'queued' }, { state: 'running' }, null],
  [{ state: 'succeeded' }, { state: 'succeeded', done: 1_200 }, null],
  [{ kind: 'import' }, { kind: 'import', state: 'succeeded' }, null],
])('the end of a run is told once: %j to %j', (before, now, text) => {
  expect(endOf(run(before), run(now))?.text ?? null).toBe(text);
});
