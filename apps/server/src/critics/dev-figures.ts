import type { CriticId } from '@flywheel/domain/critic';
import { judgeOfVersion } from '@flywheel/domain/critic';
import { splitOf } from '@flywheel/domain/gold-split';
import { IMPORTED_GOLD } from '@flywheel/domain/ids';
import { calibrate, type Interval } from '@flywheel/domain/metrics/calibration';
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
      kappa: {
        value: scored.solution.kappa,
        interval: scored.intervals.kappa,
        baseline: scored.baseline.solution.kappa,
      },
    },
    parse: {
      failed: asked.reduce((sum, p) => sum + p.failed, 0),
      answers: asked.reduce((sum, p) => sum + p.answers, 0),
    },
  };
};
