import type { GoldTrace } from '@flywheel/domain/gold-trace';
import type { Candidate } from '@flywheel/domain/improve';

type Gold = readonly Pick<GoldTrace, 'gold'>[];

/** Share of verdicts that are exactly gold's; null without any. What cannot be read is wrong. */
export const shareRight = (verdicts: Candidate['verdicts'], gold: Gold): number | null =>
  gold.length === 0 ? null : gold.filter((g, i) => verdicts[i] === g.gold).length / gold.length;

/** Accuracy on flawed and on clean traces, and ProcessBench F1 = 2ab/(a+b) of the two (arXiv 2412.06559); null without such traces. */
export const figuresOf = (
  verdicts: Candidate['verdicts'],
  gold: Gold,
): Pick<Candidate, 'accError' | 'accClean' | 'f1'> => {
  const among = (clean: boolean): number | null => {
    const places = gold.flatMap((g, i) => ((g.gold === 'clean') === clean ? [i] : []));
    return shareRight(
      places.map((i) => verdicts[i] ?? null),
      places.flatMap((i) => gold[i] ?? []),
    );
  };
  const [accError, accClean] = [among(false), among(true)];
  if (accError === null || accClean === null) return { accError, accClean, f1: null };
  const sum = accError + accClean;
  return { accError, accClean, f1: sum === 0 ? 0 : (2 * accError * accClean) / sum };
};
