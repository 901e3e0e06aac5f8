import type { CriticId } from '@flywheel/domain/critic';
import { judgeOfVersion } from '@flywheel/domain/critic';
import { splitOf } from '@flywheel/domain/gold-split';
import { IMPORTED_GOLD } from '@flywheel/domain/ids';
import { calibrate } from '@flywheel/domain/metrics/calibration';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { Store } from '@flywheel/store/store';

/** A version against the dev split of gold only: the figure to write prompts by, which leaves test unseen. */
export const devFigures = async (store: Store, critic: CriticId, version: number) => {
  const judge = judgeOfVersion(critic, version);
  const [gold, pairs] = await Promise.all([
    store.gold.positions(),
    store.judgements.pairs(judge, IMPORTED_GOLD, requireQuery('')),
  ]);
  const dev = new Set(gold.filter((g) => splitOf(g.problem) === 'dev').map((g) => g.trace));
  const { n, f1, intervals } = calibrate(
    pairs.filter((pair) => dev.has(pair.trace)),
    { resamples: 200 },
  );
  return { n, f1, interval: intervals.f1 };
};
