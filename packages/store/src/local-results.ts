import { DOUBLE, FLOAT, INTEGER, SMALLINT, TIMESTAMP, UINTEGER, USMALLINT, VARCHAR } from '@duckdb/node-api';
import type { RunId } from '@flywheel/domain/ids';
import { mostSurprising } from '@flywheel/domain/local-run';
import type { PieceScore } from '@flywheel/domain/local-task';
import type { ItemResult, LocalFindings, SampledTrace, Tally } from '@flywheel/domain/run-item';
import { packTraces } from '@flywheel/domain/trace-block';
import { type Database, timestamp, type Writer } from './database.ts';
import type { Ingest } from './ingest.ts';
import { keepJudgements } from './judgements.ts';
import { countKept, keepResults } from './keep-results.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';

type Found = ItemResult & { local: LocalFindings };

/** The way in for what local models find: surprise at steps, and traces that they write. */
export class LocalResults {
  private readonly db: Database;
  private readonly names: Names;
  private readonly ingest: Ingest;
  private readonly search: Search;

  constructor(db: Database, names: Names, ingest: Ingest, search: Search) {
    this.db = db;
    this.names = names;
    this.ingest = ingest;
    this.search = search;
  }

  /**
   * Keeps results with what was found, in one transaction: figures of steps, written traces with their outcome and descent,
   * and what of it stands on the traces. An item that has a result keeps the first. Returns what was kept of them.
   */
  async record(id: RunId, model: string, results: readonly ItemResult[]): Promise<Omit<Tally, 'total'>> {
    const { fresh, batch, rationales } = await this.db.write(async (tx) => {
      const { fresh, rationales } = await keepResults(tx, this.names, id, results);
      const found = fresh.filter((r): r is Found => r.local !== undefined);
      await appendScores(tx, id, model, found);
      const sampled = found.flatMap(({ seq, local }) =>
        (local.samples ?? []).map((sample) => ({ parent: seq, sample })),
      );
      if (sampled.length === 0) return { fresh, batch: null, rationales };
      const { batch, seqOf } = await this.ingest.placeWith(
        tx,
        packTraces(sampled.map(({ sample }) => sample.trace)),
      );
      await appendParents(tx, id, sampled, seqOf);
      const judged = sampled.flatMap(({ sample: { judgement, trace } }) =>
        judgement ? [{ judgement, seq: seqOf(trace.id) }] : [],
      );
      const more = await keepJudgements(
        tx,
        this.names,
        judged.map((j) => j.judgement),
        judged.map((j) => j.seq),
        id,
      );
      await keepAgreement(tx, [
        ...found.map(({ seq, local }) => ({ seq, share: local.agreement ?? null })),
        ...sampled.map(({ sample }) => ({ seq: seqOf(sample.trace.id), share: sample.agreement })),
      ]);
      return { fresh, batch, rationales: [...rationales, ...more] };
    });
    if (batch) await this.ingest.index(batch);
    if (rationales.length > 0) await this.search.addRationales(rationales);
    return countKept(fresh);
  }
}

/** Figures to so many digits behind the point: a thousandth of a nat is below what backends agree to. */
const rounded = (values: readonly number[]): number[] => values.map((v) => Math.round(v * 1_000) / 1_000);

const written = (steps: readonly PieceScore[]): string =>
  JSON.stringify(
    steps.map(({ surprisal, entropy, ...rest }) => ({
      ...rest,
      surprisal: rounded(surprisal),
      entropy: rounded(entropy),
    })),
  );

const appendScores = async (
  tx: Writer,
  run: RunId,
  model: string,
  found: readonly Found[],
): Promise<void> => {
  const scored = found.flatMap(({ seq, local }) =>
    local.steps ? [{ seq, ...local, steps: local.steps }] : [],
  );
  if (scored.length === 0) return;
  const of = <T>(pick: (s: (typeof scored)[number]) => T): T[] => scored.map(pick);
  const now = timestamp(Date.now());
  const most = scored.map(({ steps }) => mostSurprising(steps));
  const tokens = ({ steps }: (typeof scored)[number]): number[] => steps.flatMap((s) => s.surprisal);
  await tx.append('trace_score', [
    ['trace', UINTEGER, of((s) => s.seq)],
    ['run', INTEGER, of(() => run)],
    ['model', VARCHAR, of(() => model)],
    ['ran_on', VARCHAR, of((s) => JSON.stringify(s.ranOn))],
    ['prompt_tokens', INTEGER, of((s) => s.promptTokens)],
    ['tokens', INTEGER, of((s) => tokens(s).length)],
    ['total', DOUBLE, of((s) => tokens(s).reduce((sum, t) => sum + t, 0))],
    ['most', FLOAT, most.map((m) => m?.surprise ?? null)],
    ['most_at', SMALLINT, most.map((m) => m?.step ?? null)],
    ['steps', VARCHAR, of((s) => written(s.steps))],
    ['made_at', TIMESTAMP, of(() => now)],
  ]);
  const marks = scored.flatMap(({ seq }, i) => {
    const surprise = most[i]?.surprise;
    return surprise === undefined ? [] : [`(${seq}, ${Math.min(255, Math.round(surprise * 10))})`];
  });
  await setOnTraces(tx, 'surprise', marks);
};

const appendParents = (
  tx: Writer,
  run: RunId,
  sampled: readonly { parent: number; sample: SampledTrace }[],
  seqOf: (id: string) => number,
): Promise<void> =>
  tx.append('trace_parent', [
    ['trace', UINTEGER, sampled.map(({ sample }) => seqOf(sample.trace.id))],
    ['parent', UINTEGER, sampled.map(({ parent }) => parent)],
    ['kind', VARCHAR, sampled.map(({ sample }) => sample.link.kind)],
    ['step', SMALLINT, sampled.map(({ sample }) => sample.link.step)],
    ['sample', USMALLINT, sampled.map(({ sample }) => sample.link.sample)],
    ['run', INTEGER, sampled.map(() => run)],
  ]);

const keepAgreement = (tx: Writer, traces: readonly { seq: number; share: number | null }[]): Promise<void> =>
  setOnTraces(
    tx,
    'self_agreement',
    traces.flatMap(({ seq, share }) => (share === null ? [] : [`(${seq}, ${Math.round(share * 100)})`])),
  );

/** Sets a column of `trace`; the pairs (row number, value) are numbers of ours, so they stand in the SQL. */
const setOnTraces = async (
  tx: Writer,
  column: 'surprise' | 'self_agreement',
  pairs: readonly string[],
): Promise<void> => {
  if (pairs.length === 0) return;
  await tx.run(
    `UPDATE trace SET ${column} = v.value FROM (VALUES ${pairs.join(', ')}) v(seq, value) WHERE trace.seq = v.seq`,
  );
};
