import type { RunSummary } from '@flywheel/domain/run';
import { describe, expect, it } from 'vitest';
import { filesOf, flawedLink, money, positionOf, secondsOf, sliceOf, spendOf } from './run-words.ts';

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

  it('counts of a critic are items: a trace may be asked about several times', () => {
    expect(positionOf(run({ kind: 'critique' })).unit).toBe('items');
    const progress = { done: 3, total: 9, unit: 'traces', rate: 1, etaSeconds: 5, elapsedSeconds: 5 };
    expect(positionOf(run({ kind: 'critique', progress })).unit).toBe('items');
  });

  it('tells what was spent, and nothing of a run that asks nobody', () => {
    const spend = {
      calls: 1_250_000,
      cached: 12,
      parseFailures: 1,
      inputTokens: 9,
      outputTokens: 1,
      cost: 0.5,
    };
    const said = (more: Partial<RunSummary>) =>
      Object.fromEntries(spendOf(run(more)).map(({ label, value }) => [label, value]));
    expect(said({ spend, flight: { now: 3, limit: 8 } })).toEqual({
      'in flight': '3 of 8',
      calls: '1.25 M',
      'from the cache': '12',
      'tokens in': '9',
      'tokens out': '1',
      cost: '$0.5000',
      'did not parse': '1',
    });
    expect(said({ spend: { ...spend, cost: null } }).cost).toBe('unknown');
    expect(spendOf(run({}))).toEqual([]);
    expect([money(0.01234), money(12.3)]).toEqual(['$0.0123', '$12.30']);
  });

  it('leads to those of its traces that its judge itself found flawed', () => {
    expect(flawedLink(7, 'critic:first error@2')).toBe(
      `/samples?${new URLSearchParams({ q: 'run:7 flawedby:"critic:first error@2"' })}`,
    );
  });
});
