import type { RunId } from '@flywheel/domain/ids';
import type { ItemResult, ItemState, Tally } from '@flywheel/domain/run-item';
import type { Writer } from './database.ts';
import { keepJudgements } from './judgements.ts';
import type { Names } from './names.ts';
import { appendResults, withoutResult } from './run-items.ts';

/** A rationale that the text index is to know of. */
export type NewRationale = Awaited<ReturnType<typeof keepJudgements>>[number];

/**
 * Keeps results with their answers and judgements; an item that has a result keeps the first, and one that is not of the run
 * (its import was undone meanwhile) is passed over.
 */
export const keepResults = async (
  tx: Writer,
  names: Names,
  id: RunId,
  results: readonly ItemResult[],
): Promise<{ fresh: ItemResult[]; rationales: NewRationale[] }> => {
  const fresh = await withoutResult(tx, id, results);
  const judged = fresh.flatMap((r) => (r.judgement ? [{ seq: r.seq, judgement: r.judgement }] : []));
  const rationales = await keepJudgements(
    tx,
    names,
    judged.map((r) => r.judgement),
    judged.map((r) => r.seq),
    id,
  );
  await appendResults(tx, id, fresh);
  return { fresh, rationales };
};

/** What was kept, as counts. */
export const countKept = (fresh: readonly ItemResult[]): Omit<Tally, 'total'> => {
  const of = (state: ItemState): number => fresh.filter((r) => r.state === state).length;
  return {
    done: of('done'),
    failed: of('failed'),
    skipped: of('not-applicable'),
    flawed: fresh.filter((r) => r.judgement?.verdict === 'flawed').length,
  };
};
