import type { TraceId } from '@flywheel/domain/ids';
import type { Review } from '@flywheel/domain/review';
import type { TraceDetail } from '@flywheel/domain/trace';
import type { Database } from './database.ts';
import type { Reviews } from './reviews.ts';
import { seqList } from './trace-rows.ts';
import type { Traces } from './traces.ts';

/** A trace with everything that an export may say of it. */
export interface ExportRecord extends Omit<TraceDetail, 'siblings'> {
  /** The newest standing review, or null. */
  review: Review | null;
}

/** Reads traces for export, in the order of `seqs`; ask for a few hundred at a time. */
export const exportRecords = async (
  db: Database,
  traces: Traces,
  reviews: Reviews,
  seqs: Uint32Array,
): Promise<ExportRecord[]> => {
  const ids = await db.all('SELECT seq, id FROM trace WHERE seq IN (SELECT unnest($1::UINTEGER[]))', [
    seqList(seqs),
  ]);
  const idOf = new Map(ids.map((r) => [Number(r.seq), r.id as TraceId]));
  const details = await traces.openMany(
    [...seqs].flatMap((seq) => idOf.get(seq) ?? []),
    { siblings: false },
  );
  const standing = await reviews.standing(seqs);
  return details.map(({ siblings: _, ...detail }) => ({
    ...detail,
    review: standing.get(detail.row.seq) ?? null,
  }));
};
