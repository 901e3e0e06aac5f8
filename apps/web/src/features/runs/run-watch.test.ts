import type { TraceId } from '@flywheel/domain/ids';
import type { RunLive } from '@flywheel/domain/run-live';
import { expect, it } from 'vitest';
import { heard, type Watched } from './run-watch.ts';

const NOTHING: Watched = { pulses: [], lines: [] };
const note = (at: number, text = `note ${at}`): RunLive => ({ type: 'note', at, level: 'info', text });
const pulse = (at: number): RunLive => ({
  type: 'pulse',
  at,
  rate: 1,
  inFlight: 1,
  limit: 1,
  waiting: 0,
  p50: null,
  p95: null,
  failed: 0,
});
const item = (at: number): RunLive => ({
  type: 'item',
  at,
  trace: 'a' as TraceId,
  repetition: 0,
  state: 'done',
  position: -1,
  category: null,
  confidence: null,
  cause: null,
  error: null,
  cached: false,
  modelMs: 1,
  attempts: 1,
});

it('pulses are kept in order, lines the newest first', () => {
  const first = heard(NOTHING, [pulse(1), note(1), item(2)]);
  const both = heard(first, [note(3), pulse(4)]);
  expect(both.pulses.map((p) => p.at)).toEqual([1, 4]);
  expect(both.lines.map((l) => l.at)).toEqual([3, 2, 1]);
});

it('lines that are alike keep numbers of their own, for good', () => {
  const once = heard(NOTHING, [item(1), item(1)]);
  const twice = heard(once, [pulse(2), item(1)]);
  expect(twice.lines.map((l) => l.order)).toEqual([2, 1, 0]);
  expect(twice.lines.slice(1)).toEqual(once.lines);
});

it('only the newest are kept, and numbers go on', () => {
  let watched = NOTHING;
  for (let n = 0; n < 700; n++) watched = heard(watched, [pulse(n), note(n)]);
  expect([watched.pulses.length, watched.lines.length]).toEqual([600, 400]);
  expect([watched.pulses[0]?.at, watched.lines[0]?.order, watched.lines.at(-1)?.order]).toEqual([
    100, 699, 300,
  ]);
});
