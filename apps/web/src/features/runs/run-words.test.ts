import type { RunSummary } from '@flywheel/domain/run';
import { describe, expect, it } from 'vitest';
import { filesOf, positionOf, secondsOf, sliceOf } from './run-words.ts';

const run = (patch: Partial<RunSummary>): RunSummary => ({
  id: 7,
  kind: 'verify',
  title: 'Final answer',
  state: 'running',
  subject: 'outcome:wrong',
  fingerprint: 'f',
  total: 100,
  done: 40,
  failed: 1,
  skipped: 9,
  progress: null,
  error: null,
  createdAt: 0,
  startedAt: 1_000,
  endedAt: null,
  result: {},
  spend: null,
  flight: null,
  tuning: null,
  ...patch,
});

describe('a run in words', () => {
  it('counts items, and bytes only while a file is read', () => {
    const progress = { done: 5e6, total: 1e7, unit: 'bytes', rate: 1e6, etaSeconds: 5, elapsedSeconds: 5 };
    expect(positionOf(run({}))).toEqual({ done: 50, total: 100, unit: 'traces' });
    expect(positionOf(run({ progress })).unit).toBe('bytes');
    expect(positionOf(run({ progress, state: 'cancelled' }))).toMatchObject({ done: 50, total: 100 });
  });

  it('times a run from its start to its end or to now', () => {
    expect(secondsOf(run({}), 4_000)).toBe(3);
    expect(secondsOf(run({ endedAt: 2_000 }), 4_000)).toBe(1);
    expect(secondsOf(run({ startedAt: null }), 4_000)).toBeNull();
  });

  it('links to what the run was about', () => {
    expect(sliceOf(run({}))).toBe('outcome:wrong');
    expect(sliceOf(run({ kind: 'import', result: { importId: 3 } }))).toBe('import:3');
    expect(sliceOf(run({ kind: 'import' }))).toBeNull();
  });

  it('names the files that were left', () => {
    expect(filesOf(run({ result: { file: 'exports/a.jsonl', rejectsFile: null } }))).toEqual([
      { label: 'Result', path: 'exports/a.jsonl' },
    ]);
  });
});
