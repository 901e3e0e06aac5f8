import type { CriticId } from '@flywheel/domain/critic';
import { judgeOfVersion } from '@flywheel/domain/critic';
import { splitOf } from '@flywheel/domain/gold-split';
import { IMPORTED_GOLD } from '@flywheel/domain/ids';
import { type CalibrationPair, calibrate, type Interval } from '@flywheel/domain/metrics/calibration';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { Store } from '@flywheel/store/store';
import { parseOf } from './critic-runs.ts';

const RESAMPLES = 400;

/** One figure with its 95 % bootstrap interval, beside that of a judge that always says clean. */
export interface DevFigure {
  value: number | null;
  interval: Interval;
  baseline: number | null;
}

export interface DevFigures {
  /** Traces of the dev split that both the version and gold have a verdict on. */
  n: number;
  flawed: number;
  clean: number;
  f1: number | null;
  interval: Interval;
  figures: Record<'f1' | 'accError' | 'accClean' | 'kappa', DevFigure>;
  /** Over all runs of the version: answers, and how many of them did not parse. */
  parse: { failed: number; answers: number };
}

/** A version against the dev split of gold only: the figures to write prompts by, which leave test unseen. */
export const devFigures = async (
  store: Store,
  engine: RunEngine,
  critic: CriticId,
  version: number,
): Promise<DevFigures> => {
  const judge = judgeOfVersion(critic, version);
  const [gold, pairs, runs] = await Promise.all([
    store.gold.positions(),
    store.judgements.pairs(judge, IMPORTED_GOLD, requireQuery('')),
    engine.list(),
  ]);
  const dev = new Set(gold.filter((g) => splitOf(g.problem) === 'dev').map((g) => g.trace));
  const known = pairs.filter((pair) => dev.has(pair.trace));
  const scored = calibrate(known, { resamples: RESAMPLES });
  const figure = (key: 'f1' | 'accError' | 'accClean'): DevFigure => ({
    value: scored[key],
    interval: scored.intervals[key],
    baseline: scored.baseline[key],
  });
  const asked = runs.filter((r) => r.kind === 'critique' && r.title === `${critic} v${version}`).map(parseOf);
  const { n, flawed, clean, f1, intervals } = scored;
  return {
    n,
    flawed,
    clean,
    f1,
    interval: intervals.f1,
    figures: {
      f1: figure('f1'),
      accError: figure('accError'),
      accClean: figure('accClean'),
      kappa: kappaFigure(known),
    },
    parse: {
      failed: asked.reduce((sum, p) => sum + p.failed, 0),
      answers: asked.reduce((sum, p) => sum + p.answers, 0),
    },
  };
};

/** The pair's cell of the table: bit 0 the judge says flawed, bit 1 gold does. */
const cellOf = ({ predicted, gold }: CalibrationPair): number =>
  (predicted === 'clean' ? 0 : 1) + (gold === 'clean' ? 0 : 2);

const kappaOfCells = (cells: Uint8Array, at: (i: number) => number): number | null => {
  const n = cells.length;
  const count = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const cell = cells[at(i)] ?? 0;
    count[cell] = (count[cell] ?? 0) + 1;
  }
  const [clean = 0, said = 0, held = 0, both = 0] = count.map((c) => c / n);
  const chance = (said + both) * (held + both) + (clean + held) * (clean + said);
  return n === 0 || chance === 1 ? null : (clean + both - chance) / (1 - chance);
};

/** Cohen's kappa (1960) of judge and gold on flawed or clean: agreement beyond chance, -1..1; null where chance is 1. */
export const kappaOf = (pairs: readonly CalibrationPair[]): number | null =>
  kappaOfCells(Uint8Array.from(pairs, cellOf), (i) => i);

/** A constant judge has no agreement beyond chance, so its kappa is 0. */
const kappaFigure = (pairs: readonly CalibrationPair[]): DevFigure => {
  const cells = Uint8Array.from(pairs, cellOf);
  const value = kappaOf(pairs);
  const random = seededRandom(1);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    kappaOfCells(cells, () => Math.floor(random() * cells.length)),
  );
  const sorted = drawn.flatMap((k) => k ?? []).sort((a, b) => a - b);
  const at = (q: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;
  // As in calibrate(): no interval where many resamples have no value.
  const interval: Interval =
    value === null || sorted.length < 0.9 * RESAMPLES ? null : [at(0.025), at(0.975)];
  return { value, interval, baseline: value === null ? null : 0 };
};
