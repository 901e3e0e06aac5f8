import type { TraceId } from '../ids.ts';
import type { Position } from '../judgement.ts';
import {
  type Calibration,
  CELLS,
  calibrate,
  cellOf,
  type FlatFigures,
  flatFigures,
  type Interval,
} from './calibration.ts';
import { type McNemar, mcnemar } from './mcnemar.ts';
import { seededRandom } from './random.ts';
import { wilson } from './wilson.ts';

/** One trace that both judges were asked about. A verdict is null where the answer could not be read. */
export interface ComparedItem {
  trace: TraceId;
  gold: Position;
  a: Position | null;
  b: Position | null;
}

export type FlipKind = 'now-right' | 'now-wrong' | 'other';

export interface Flip {
  trace: TraceId;
  gold: Position;
  a: Position | null;
  b: Position | null;
  /** From A to B; `other`: both wrong, in different ways. */
  kind: FlipKind;
}

export interface ParseFailures {
  count: number;
  rate: number;
  interval: [number, number];
}

export interface JudgeComparison {
  n: number;
  a: Calibration;
  b: Calibration;
  /** B minus A, with paired bootstrap intervals, 95 %. */
  difference: Record<keyof FlatFigures, { value: number | null; interval: Interval }>;
  flips: Flip[];
  nowRight: number;
  nowWrong: number;
  /** Over exact verdicts: the flips that made an item right or wrong. */
  mcnemar: McNemar;
  parseFailures: { a: ParseFailures; b: ParseFailures };
}

/** What an unreadable answer counts as in the figures: the wrong verdict, whichever gold is. */
const counted = (verdict: Position | null, gold: Position): Position =>
  verdict ?? (gold === 'clean' ? 'unlocated' : 'clean');

/**
 * Two judges, or versions of one, on the same items against gold. An answer that could not be read counts as wrong, and is
 * shown apart.
 *
 * @param options.resamples of the bootstrap (default 1,000); items are drawn in pairs, so that the difference keeps what both
 *   have in common (Efron and Tibshirani 1993, ch. 13)
 */
export const compareJudges = (
  items: readonly ComparedItem[],
  { resamples = 1000, seed = 1 }: { resamples?: number; seed?: number } = {},
): JudgeComparison => {
  const pairs = (judge: 'a' | 'b') =>
    items.map((item) => ({ predicted: counted(item[judge], item.gold), gold: item.gold }));
  const a = pairs('a');
  const b = pairs('b');
  const flips = items.flatMap((item): Flip[] => (item.a === item.b ? [] : [{ ...item, kind: kindOf(item) }]));
  const nowRight = flips.filter((f) => f.kind === 'now-right').length;
  const nowWrong = flips.filter((f) => f.kind === 'now-wrong').length;
  const failures = (judge: 'a' | 'b'): ParseFailures => {
    const count = items.filter((item) => item[judge] === null).length;
    return items.length === 0
      ? { count, rate: 0, interval: [0, 1] }
      : { count, rate: count / items.length, interval: wilson(count, items.length) };
  };
  return {
    n: items.length,
    a: calibrate(a, { resamples, seed }),
    b: calibrate(b, { resamples, seed }),
    difference: differences(Uint8Array.from(a, cellOf), Uint8Array.from(b, cellOf), resamples, seed),
    flips,
    nowRight,
    nowWrong,
    mcnemar: mcnemar(nowWrong, nowRight),
    parseFailures: { a: failures('a'), b: failures('b') },
  };
};

const kindOf = ({ gold, a, b }: ComparedItem): FlipKind =>
  b === gold ? 'now-right' : a === gold ? 'now-wrong' : 'other';

const differences = (
  a: Uint8Array,
  b: Uint8Array,
  resamples: number,
  seed: number,
): JudgeComparison['difference'] => {
  const random = seededRandom(seed);
  const minus = (x: FlatFigures, y: FlatFigures, key: keyof FlatFigures): number | null => {
    const [left, right] = [x[key], y[key]];
    return left === null || right === null ? null : left - right;
  };
  const tally = (cells: Uint8Array): FlatFigures => {
    const counts = new Uint32Array(CELLS.length);
    for (const cell of cells) counts[cell] = (counts[cell] ?? 0) + 1;
    return flatFigures(counts);
  };
  const drawn = Array.from({ length: resamples }, () => {
    const countsA = new Uint32Array(CELLS.length);
    const countsB = new Uint32Array(CELLS.length);
    for (let i = 0; i < a.length; i++) {
      const j = Math.floor(random() * a.length);
      const [cellA = 0, cellB = 0] = [a[j], b[j]];
      countsA[cellA] = (countsA[cellA] ?? 0) + 1;
      countsB[cellB] = (countsB[cellB] ?? 0) + 1;
    }
    return { a: flatFigures(countsA), b: flatFigures(countsB) };
  });
  const whole = { a: tally(a), b: tally(b) };
  const interval = (key: keyof FlatFigures): Interval => {
    const values = drawn.flatMap((d) => minus(d.b, d.a, key) ?? []).sort((x, y) => x - y);
    if (values.length === 0 || values.length < 0.9 * resamples) return null;
    const at = (q: number) => values[Math.min(values.length - 1, Math.floor(q * values.length))] as number;
    return [at(0.025), at(0.975)];
  };
  const keys = Object.keys(whole.a) as (keyof FlatFigures)[];
  return Object.fromEntries(
    keys.map((key) => [key, { value: minus(whole.b, whole.a, key), interval: interval(key) }]),
  ) as JudgeComparison['difference'];
};
