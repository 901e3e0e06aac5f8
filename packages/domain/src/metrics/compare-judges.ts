import type { TraceId } from '../ids.ts';
import type { Position } from '../judgement.ts';
import { type Interval, intervalsOf, resample } from './bootstrap.ts';
import { type Calibration, calibrationOf } from './calibration.ts';
import { FIGURES, type FigureName, figuresOf, pairTable } from './figures.ts';
import { type McNemar, mcnemar } from './mcnemar.ts';
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
  difference: Record<FigureName, { value: number | null; interval: Interval }>;
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
 * @param options.resamples of the bootstrap (default 1,000); items are drawn in pairs
 */
export const compareJudges = (
  items: readonly ComparedItem[],
  { resamples = 1000, seed = 1 }: { resamples?: number; seed?: number } = {},
): JudgeComparison => {
  const pairs = (judge: 'a' | 'b') =>
    items.map((item) => ({ predicted: counted(item[judge], item.gold), gold: item.gold }));
  const [a, b] = [pairs('a'), pairs('b')];
  const tables = [pairTable(a), pairTable(b)] as const;
  const [figuresA, figuresB] = [figuresOf(tables[0]), figuresOf(tables[1])];
  const [drawnA, drawnB] = resample(tables, { resamples, seed }) as [Float64Array, Float64Array];
  const apart = intervalsOf(drawnB.map((value, i) => value - (drawnA[i] as number)));
  const difference = Object.fromEntries(
    FIGURES.map((name) => {
      const [from, to] = [figuresA[name], figuresB[name]];
      return [name, { value: from === null || to === null ? null : to - from, interval: apart[name] }];
    }),
  ) as JudgeComparison['difference'];
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
    a: calibrationOf(a, figuresA, intervalsOf(drawnA)),
    b: calibrationOf(b, figuresB, intervalsOf(drawnB)),
    difference,
    flips,
    nowRight,
    nowWrong,
    mcnemar: mcnemar(nowWrong, nowRight),
    parseFailures: { a: failures('a'), b: failures('b') },
  };
};

const kindOf = ({ gold, a, b }: ComparedItem): FlipKind =>
  b === gold ? 'now-right' : a === gold ? 'now-wrong' : 'other';
