import { splitOf } from '@flywheel/domain/gold-split';
import type { RunId } from '@flywheel/domain/ids';
import { decodePosition } from '@flywheel/domain/judgement';
import { calibrate, type Interval } from '@flywheel/domain/metrics/calibration';
import { isItemwise, type RunSummary } from '@flywheel/domain/run';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { Store } from '@flywheel/store/store';
import { UserError } from '../errors.ts';

/** What a run came to, to stand beside others. What a kind of run does not have is null. */
export interface RunFigures {
  run: RunSummary;
  judge: string | null;
  model: string | null;
  /** Traces by the verdict of their first answer. */
  flawed: number | null;
  clean: number | null;
  /** Seconds that it worked, pauses left out where it keeps account of them. */
  seconds: number | null;
  /** Items a second, over all that it worked. */
  rate: number | null;
  /** Mean milliseconds an answer was at the model, and waited for a place there; those from the cache left out. */
  times: { modelMs: number; queueMs: number } | null;
  /** ProcessBench F1 of its first answers on the dev split of gold, beside that of always saying clean; null where none of them has gold. */
  dev: { n: number; f1: number | null; interval: Interval; baseline: number | null } | null;
}

/** Figures of several runs, in the order in which they were named. The test split is left unseen. */
export const runFigures = async (
  store: Store,
  engine: RunEngine,
  ids: readonly RunId[],
): Promise<RunFigures[]> => {
  const gold = (await store.gold.positions()).filter((g) => splitOf(g.problem) === 'dev');
  const goldOf = new Map(gold.map((g) => [g.trace, g.position]));
  return Promise.all(
    ids.map(async (id): Promise<RunFigures> => {
      const found = await engine.get(id);
      if (!found) throw new UserError(`There is no run ${id}.`, 'NOT_FOUND');
      const { config, ...run } = found;
      const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
      const asked = run.kind === 'critique';
      const answers = asked ? await store.runAnswers.verdicts(id) : [];
      const verdicts = answers.flatMap(({ trace, repetition, position }) =>
        repetition > 0 || position === null ? [] : [{ trace, predicted: decodePosition(position) }],
      );
      const pairs = verdicts.flatMap(({ trace, predicted }) => {
        const truth = goldOf.get(trace);
        return truth === undefined ? [] : [{ predicted, gold: truth }];
      });
      const scored = pairs.length === 0 ? null : calibrate(pairs, { resamples: 400 });
      const flawed = typeof run.result.flawed === 'number' ? run.result.flawed : null;
      const judged = asked ? verdicts.length : run.done;
      const seconds = secondsOf(run);
      const items = run.done + run.failed + run.skipped;
      return {
        run,
        judge: text(config.judge),
        model: text(config.model),
        flawed,
        clean: isItemwise(run.kind) && flawed !== null ? judged - flawed : null,
        seconds,
        rate: seconds !== null && seconds > 0 && items > 0 ? items / seconds : null,
        times: asked ? await store.runAnswers.meanTimes(id) : null,
        dev: scored && {
          n: scored.n,
          f1: scored.f1,
          interval: scored.intervals.f1,
          baseline: scored.baseline.f1,
        },
      };
    }),
  );
};

const secondsOf = ({ result, startedAt, endedAt }: RunSummary): number | null => {
  if (typeof result.workedSeconds === 'number') return result.workedSeconds;
  return startedAt === null ? null : ((endedAt ?? Date.now()) - startedAt) / 1_000;
};
