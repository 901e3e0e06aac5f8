import type { RunId } from '@flywheel/domain/ids';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { IllegalTransition, type RunSummary } from '@flywheel/domain/run';
import { temporaryHome } from '@flywheel/testkit/home';
import { stubVerdict } from '@flywheel/testkit/stub-verdict';
import { expect, it } from 'vitest';
import { type Bench, fill, openBench, rowsOf } from './engine.fixture.ts';
import { RunError } from './run-error.ts';

const TRACES = 90;
const OPERATIONS = 70;
const SEEDS = process.env.FLYWHEEL_SEED ? [Number(process.env.FLYWHEEL_SEED)] : [1, 2, 3];

/** What a run must come to, from its items alone. */
const expected = (items: readonly number[]) => {
  const verdicts = items.map((seq) => stubVerdict(seq + 1));
  const skipped = verdicts.filter((v) => v === null).length;
  return {
    total: items.length,
    done: items.length - skipped,
    skipped,
    failed: 0,
    result: { flawed: verdicts.filter((v) => v === 'flawed').length },
  };
};

/**
 * Random acts on runs of one store, the process "dying" in between: whatever happened, once the judge is whole again
 * and everything was resumed and retried, each run has come to exactly what its items say.
 */
it.each(SEEDS)(
  '[R1] [R2] [R6] [R8] random acts lose nothing and double nothing (seed %i)',
  async (seed) => {
    console.log(`seed ${seed}: FLYWHEEL_SEED=${seed} repeats it`);
    const random = seededRandom(seed);
    const below = (n: number): number => Math.floor(random() * n);
    const { home, remove } = await temporaryHome('random');
    const plans = new Map<number, number[]>();
    /** Results that were seen; none may ever go, except failed ones by a retry. */
    const seen = new Map<number, number>();
    let bench: Bench = await openBench(home, { slow: 2 });
    const act = async (name: 'cancel' | 'pause' | 'resume' | 'retry', id: RunId): Promise<void> => {
      try {
        await bench.engine[name](id);
      } catch (error) {
        if (!(error instanceof IllegalTransition || error instanceof RunError)) throw error;
      }
    };
    try {
      await fill(bench.store, TRACES);
      for (let i = 0; i < OPERATIONS; i++) {
        const ids = [...plans.keys()] as RunId[];
        const some = ids[below(ids.length)];
        const dice = below(12);
        if (some === undefined || dice < 2) {
          const items = Array.from({ length: TRACES }, (_, seq) => seq).filter(() => random() < 0.7);
          plans.set((await bench.verify(items, { judge: `verifier:stub-${i}` })).id, items);
        } else if (dice < 4) await act('cancel', some);
        else if (dice < 5) await act('pause', some);
        else if (dice < 7) await act('resume', some);
        else if (dice < 9) await act('retry', some);
        else if (dice < 10) bench.breakOn(Array.from({ length: 12 }, () => 1 + below(TRACES)));
        else if (dice < 11) await Promise.all([act('cancel', some), act('resume', some), act('pause', some)]);
        else {
          await bench.close();
          bench = await openBench(home, { slow: 2 });
          await bench.engine.recover();
        }
        await new Promise((resolve) => setTimeout(resolve, below(25)));
        for (const [id, items] of plans) {
          const { results, distinctResults, verdicts, distinctVerdicts, done, missing } = await rowsOf(
            bench.store,
            id,
          );
          expect(results, `run ${id} after operation ${i}`).toBe(distinctResults);
          expect(verdicts).toBe(distinctVerdicts);
          expect(results + missing).toBe(items.length);
          expect(done).toBeGreaterThanOrEqual(seen.get(id) ?? 0);
          seen.set(id, done);
        }
      }
      bench.breakOn([]);
      for (const id of plans.keys() as Iterable<RunId>) {
        await act('resume', id);
        await bench.engine.wait(id);
        await act('retry', id);
        const run = (await bench.engine.wait(id)) as RunSummary;
        const items = plans.get(id) as number[];
        expect(run, `run ${id}`).toMatchObject({ state: 'succeeded', error: null, ...expected(items) });
        const { done } = expected(items);
        expect(await rowsOf(bench.store, id)).toEqual({
          results: items.length,
          distinctResults: items.length,
          verdicts: done,
          distinctVerdicts: done,
          done,
          missing: 0,
        });
      }
    } finally {
      await bench.close();
      await remove();
    }
  },
  120_000,
);
