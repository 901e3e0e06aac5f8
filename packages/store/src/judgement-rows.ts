import type { JudgeId, TraceId } from '@flywheel/domain/ids';
import { decodePosition, type Judgement, type StepLabel } from '@flywheel/domain/judgement';
import { categoryName } from './codes.ts';
import type { Row, Writer } from './database.ts';
import type { Names } from './names.ts';
import type { Among } from './trace-rows.ts';

export const decodeStrip = (strip: string): (StepLabel | null)[] =>
  [...strip].map((c) => (c === '+' ? 1 : c === '0' ? 0 : c === '-' ? -1 : null));

/** The next judgement's `ord`. Never one that an undone import had: the search index keys rationales by it. */
export const nextOrd = async (tx: Writer): Promise<number> => {
  const [row] = await tx.all(
    `SELECT greatest((SELECT coalesce(max(ord), -1) + 1 FROM judgement),
       (SELECT coalesce(max(value::BIGINT), 0) FROM setting WHERE key = 'judgement_ord')) AS n`,
  );
  return Number(row?.n);
};

/** Newest judgement of each (trace, judge), withdrawn ones left out; expects `WHERE`'s condition on `trace`. */
export const newestJudgements = (condition: string): string =>
  `SELECT * FROM (
     SELECT j.*, epoch_ms(j.made_at) AS at_ms FROM judgement j WHERE ${condition}
     QUALIFY row_number() OVER (PARTITION BY trace, judge ORDER BY ord DESC) = 1
   ) WHERE position IS NOT NULL ORDER BY ord`;

/**
 * The same for resolving flaws, without the texts. The newest are picked here, in memory: a window over a few rows costs
 * more than all the rest of keeping a batch of results.
 */
export const standingVerdicts = async (tx: Writer, { values, holds }: Among): Promise<Row[]> => {
  const rows = await tx.all(
    `SELECT trace, judge, scope, position, labels, category, confidence, '' AS rationale, NULL AS evidence, '' AS version, imported,
       epoch_ms(made_at) AS at_ms FROM judgement WHERE ${holds('trace')} ORDER BY ord`,
    values,
  );
  const newest = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.trace} ${row.judge}`;
    // Taken out first, so that the order is that of the newest ones.
    newest.delete(key);
    newest.set(key, row);
  }
  return [...newest.values()].filter((r) => r.position !== null);
};

export const toJudgement = (r: Row, trace: TraceId, names: Names): Judgement => {
  const at = decodePosition(Number(r.position));
  return {
    trace,
    judge: names.name('judge', Number(r.judge)) as JudgeId,
    scope: r.scope === 0 ? 'outcome' : 'steps',
    verdict: at === 'clean' ? 'clean' : 'flawed',
    firstError: typeof at === 'number' ? at : null,
    labels: decodeStrip(r.labels as string),
    category: categoryName(r.category as number | null),
    confidence: r.confidence as number | null,
    rationale: r.rationale as string,
    evidence: r.evidence === null ? [] : JSON.parse(r.evidence as string),
    version: r.version as string,
    imported: r.imported as boolean,
    at: Number(r.at_ms),
  };
};
