import { splitOf } from '@flywheel/domain/gold-split';
import type { Query } from '@flywheel/domain/query/ast';
import type { TraceText } from '@flywheel/domain/trace';
import { answersRight, verifiedFlaw } from '@flywheel/judges/critic/robustness/known-flaw';
import type { KnownTrace } from '@flywheel/judges/critic/robustness/perturb';
import type { Store } from '@flywheel/store/store';
import { evenly } from './launch.ts';

/** Traces that are looked at, at most: any, and of each kind of gold. */
const LOOK = 3_000;
const LOOK_GOLD = 500;
const LOAD = 500;

/** Traces of a query whose first error is known, of which people judged as many as there are. */
export const drawKnown = async (store: Store, query: Query, seed: number): Promise<KnownTrace[]> => {
  const gold = await Promise.all(
    (['train', 'dev'] as const).flatMap((split) =>
      (['flawed', 'clean'] as const).map((kind) =>
        store.gold.draw({ split, query, kind, limit: LOOK_GOLD, seed }),
      ),
    ),
  );
  const any = evenly(await store.traces.seqs(query), LOOK);
  return knownTraces(store, Uint32Array.from(new Set([...gold.flatMap((seqs) => [...seqs]), ...any])));
};

/**
 * Those of the traces whose first error a person named or a verifier shows; right ones that none refutes count as clean.
 * Gold of the test split is left alone: what a prompt is tried on, it may be fitted to.
 */
export const knownTraces = async (store: Store, seqs: Uint32Array): Promise<KnownTrace[]> => {
  const known: KnownTrace[] = [];
  for (let from = 0; from < seqs.length; from += LOAD) {
    const part = seqs.subarray(from, from + LOAD);
    const [texts, gold] = await Promise.all([store.traces.texts(part), store.gold.load(part)]);
    const said = new Map(gold.map((g) => [g.trace.id, g]));
    for (const trace of texts) {
      const person = said.get(trace.id);
      const verified = verifiedPosition(trace);
      if (!person) {
        if (verified !== null) known.push({ trace, position: verified, judged: false, verified: true });
        continue;
      }
      const { gold: position, problem } = person;
      if (position === 'unlocated' || splitOf(problem) === 'test') continue;
      known.push({ trace, position, judged: true, verified: position === verified });
    }
  }
  return known;
};

const verifiedPosition = (trace: TraceText): KnownTrace['position'] | null =>
  verifiedFlaw(trace) ?? (answersRight(trace) ? 'clean' : null);
