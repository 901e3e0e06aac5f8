import { joinTexts } from '@flywheel/domain/trace-block';
import type { Database } from './database.ts';
import type { Search } from './search/search.ts';
import { seqList } from './trace-rows.ts';

const BATCH = 5_000;

/** The problem of every trace row below `rows`, -1 where an undone import left a gap. */
const problemsOf = (db: Database, rows: number): Promise<Int32Array<ArrayBuffer>> =>
  db.reading(async (c) => {
    const problems = new Int32Array(Math.max(1_024, rows)).fill(-1);
    const result = await c.stream('SELECT seq, problem FROM trace');
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const [seqs, of] = [chunk.getColumnValues(0) as number[], chunk.getColumnValues(1) as number[]];
      for (let i = 0; i < seqs.length; i++) problems[seqs[i] as number] = of[i] as number;
    }
    return problems;
  });

/**
 * Brings the full-text index up to the store: what a crash left out is added, and an index that knows more rows
 * than the store ever had is thrown away first.
 *
 * @returns how many traces were indexed
 */
export const syncIndex = async (db: Database, search: Search): Promise<number> => {
  const [row] = await db.all(`SELECT coalesce(max(seq), -1) + 1 AS traces,
    (SELECT coalesce(max(ord), -1) + 1 FROM judgement) AS judgements,
    (SELECT coalesce(max(value::BIGINT), 0) FROM setting WHERE key = 'judgement_ord') AS reserved_ords,
    (SELECT coalesce(max(value::BIGINT), 0) FROM setting WHERE key = 'next_trace') AS reserved FROM trace`);
  let mark = await search.watermark();
  if (
    mark.traces > Math.max(Number(row?.traces), Number(row?.reserved)) ||
    mark.rationales > Math.max(Number(row?.judgements), Number(row?.reserved_ords))
  ) {
    await search.reset();
    mark = await search.watermark();
  }
  await search.link(await problemsOf(db, Number(row?.traces)));
  let added = 0;
  for (let from = mark.traces; from < Number(row?.traces); from += BATCH) {
    const traces = await db.all(
      'SELECT t.seq, t.problem, b.steps FROM trace t JOIN trace_body b USING (seq) WHERE t.seq >= $1 AND t.seq < $2 ORDER BY t.seq',
      [from, from + BATCH],
    );
    // A problem is indexed with the first trace that has it.
    const fresh = await db.all(
      `SELECT p.seq, p.prompt FROM problem p WHERE p.seq IN (SELECT unnest($1::UINTEGER[]))
         AND NOT EXISTS (SELECT 1 FROM trace o WHERE o.problem = p.seq AND o.seq < $2)`,
      [seqList(new Set(traces.map((t) => Number(t.problem)))), from],
    );
    await search.add({
      problems: fresh.map((p) => ({ seq: Number(p.seq), text: p.prompt as string })),
      traces: traces.length,
      blocks: [
        {
          rows: Uint32Array.from(traces, (_, i) => i),
          seqs: Uint32Array.from(traces, (t) => Number(t.seq)),
          problems: Uint32Array.from(traces, (t) => Number(t.problem)),
          steps: joinTexts(traces.map((t) => t.steps as string)),
        },
      ],
      rationales: [],
    });
    added += traces.length;
  }
  const rationales = await db.all(
    `SELECT ord, trace, rationale FROM judgement WHERE ord >= $1 AND rationale <> '' ORDER BY ord`,
    [BigInt(mark.rationales)],
  );
  for (let i = 0; i < rationales.length; i += BATCH)
    await search.addRationales(
      rationales
        .slice(i, i + BATCH)
        .map((r) => ({ ord: Number(r.ord), trace: Number(r.trace), text: r.rationale as string })),
    );
  await search.settled();
  return added;
};
