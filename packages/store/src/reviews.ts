import type { TraceId } from '@flywheel/domain/ids';
import { JudgeId, type ReviewId } from '@flywheel/domain/ids';
import type { Judgement, StepLabel } from '@flywheel/domain/judgement';
import type { Rating } from '@flywheel/domain/metrics/agreement';
import type { Query } from '@flywheel/domain/query/ast';
import type { Review } from '@flywheel/domain/review';
import { type Database, StoreError, timestamp, type Writer } from './database.ts';
import { resolveTraces } from './flaws.ts';
import { appendJudgements, seqsIn } from './judgements.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';
import { seqList } from './trace-rows.ts';
import type { Traces } from './traces.ts';

export interface ReviewSession {
  /** Over the last 24 hours, undone reviews left out. */
  committed: number;
  withError: number;
  clean: number;
  skipped: number;
  flagged: number;
  /** Active milliseconds spent on them. */
  spentMs: number;
  /** Times of the commits, oldest first (milliseconds since 1970). */
  times: number[];
}

const judgementOf = (r: Review): Judgement => ({
  trace: r.trace,
  judge: JudgeId.parse(`human:${r.reviewer}`),
  scope: 'steps',
  verdict: r.firstError === null ? 'clean' : 'flawed',
  firstError: r.firstError,
  labels: r.labels,
  category: r.category,
  confidence: null,
  rationale: r.rationale,
  evidence: [],
  version: r.id,
  imported: false,
  at: r.at,
});

/** A reviewer's standing commit on a trace, undone ones left out: newest first. */
const STANDING = `SELECT body, ord FROM review r WHERE action = 'commit'
  AND NOT EXISTS (SELECT 1 FROM review u WHERE u.action = 'undo' AND (u.body->>'undoes') = r.id)`;

/**
 * What set a trace's flag last, undone reviews and acts left out; no row when nothing did. An act knows how many reviews
 * came before it.
 */
const FLAG_SET = `SELECT flagged FROM (
    SELECT ord AS place, 0 AS by_act, (body->>'flagged')::BOOLEAN AS flagged FROM review r
    WHERE trace = $1 AND action <> 'undo'
      AND NOT EXISTS (SELECT 1 FROM review u WHERE u.action = 'undo' AND (u.body->>'undoes') = r.id)
    UNION ALL
    SELECT (detail->>'reviews')::BIGINT - 1, id, (detail->>'on')::BOOLEAN FROM bulk_act
    WHERE act = 'flag' AND NOT undone AND id IN (SELECT i.act FROM bulk_act_item i WHERE i.trace = $1))
  ORDER BY place DESC, by_act DESC LIMIT 1`;

/** Reviews, append-only and idempotent on their id; each changes judgement, flag and flaw in one transaction. */
export class Reviews {
  private readonly db: Database;
  private readonly names: Names;
  private readonly traces: Traces;
  private readonly search: Search;

  constructor(db: Database, names: Names, traces: Traces, search: Search) {
    this.db = db;
    this.names = names;
    this.traces = traces;
    this.search = search;
  }

  /** @returns whether it was new; the same id again changes nothing */
  async append(review: Review): Promise<{ kept: boolean }> {
    const rationales = await this.db.write(async (tx) => {
      if ((await tx.all('SELECT 1 FROM review WHERE id = $1', [review.id])).length > 0) return null;
      const [seq] = (await seqsIn(tx, [review.trace])) as [number];
      const [trace] = await tx.all('SELECT steps FROM trace WHERE seq = $1', [seq]);
      checkSteps(review, Number(trace?.steps));
      const [last] = await tx.all('SELECT coalesce(max(ord), -1) + 1 AS n FROM review');
      await tx.run('INSERT INTO review VALUES ($1, $2, $3, $4, $5, $6, $7)', [
        BigInt(Number(last?.n)),
        review.id,
        seq,
        review.reviewer,
        review.action,
        JSON.stringify(review),
        timestamp(review.at),
      ]);
      if (review.action !== 'undo')
        await tx.run('UPDATE trace SET flagged = $2 WHERE seq = $1 AND flagged <> $2', [seq, review.flagged]);
      if (review.action === 'skip' || review.action === 'give-up') return [];
      const verdict = review.action === 'commit' ? judgementOf(review) : await this.takeBack(tx, review, seq);
      const ord = await appendJudgements(tx, this.names, [verdict], [seq], null);
      await resolveTraces(tx, this.names, [seq]);
      return verdict.rationale === '' ? [] : [{ ord, trace: seq, text: verdict.rationale }];
    });
    if (rationales) await this.search.addRationales(rationales);
    return { kept: rationales !== null };
  }

  /** Takes back a review: the reviewer's earlier verdict stands again, or none; the flag is what else set it last. */
  async undo(request: {
    id: ReviewId;
    undoes: ReviewId;
    reviewer: string;
    at: number;
  }): Promise<{ kept: boolean }> {
    const [row] = await this.db.all('SELECT body FROM review WHERE id = $1 AND reviewer = $2', [
      request.undoes,
      request.reviewer,
    ]);
    if (!row) throw new StoreError(`There is no review ${request.undoes} by ${request.reviewer} to undo.`);
    const undone = JSON.parse(row.body as string) as Review;
    return this.append({ ...undone, ...request, action: 'undo', corrections: [], reason: '', spentMs: 0 });
  }

  async session(reviewer: string): Promise<ReviewSession> {
    const rows = await this.db.all(
      `SELECT action, body->>'firstError' IS NOT NULL AS error, (body->>'flagged')::BOOLEAN AS flagged,
         (body->>'spentMs')::BIGINT AS spent, epoch_ms(made_at) AS ms
       FROM review r WHERE reviewer = $1 AND made_at > $2 AND action <> 'undo'
         AND NOT EXISTS (SELECT 1 FROM review u WHERE u.action = 'undo' AND (u.body->>'undoes') = r.id) ORDER BY made_at`,
      [reviewer, timestamp(Date.now() - 86_400_000)],
    );
    const commits = rows.filter((r) => r.action === 'commit');
    return {
      committed: commits.length,
      withError: commits.filter((r) => r.error).length,
      clean: commits.filter((r) => !r.error).length,
      skipped: rows.length - commits.length,
      flagged: rows.filter((r) => r.flagged).length,
      spentMs: rows.reduce((sum, r) => sum + Number(r.spent), 0),
      times: commits.map((r) => Number(r.ms)),
    };
  }

  /** Ids to review next: not yet reviewed by this reviewer, most useful first, then in order of arrival. */
  async queue(request: { query: Query; reviewer: string; limit: number }): Promise<TraceId[]> {
    const order = await this.traces.seqs(request.query, { key: 'usefulness', descending: true });
    const done = await this.db.all(
      `SELECT DISTINCT trace FROM review r WHERE reviewer = $1 AND action <> 'undo'
         AND NOT EXISTS (SELECT 1 FROM review u WHERE u.action = 'undo' AND (u.body->>'undoes') = r.id)`,
      [request.reviewer],
    );
    const mine = new Set(done.map((r) => Number(r.trace)));
    const next: number[] = [];
    for (let i = 0; i < order.length && next.length < request.limit; i++) {
      const seq = order[i] as number;
      if (!mine.has(seq)) next.push(seq);
    }
    const ids = await this.db.all('SELECT seq, id FROM trace WHERE seq IN (SELECT unnest($1::UINTEGER[]))', [
      seqList(next),
    ]);
    const idOf = new Map(ids.map((r) => [Number(r.seq), r.id as TraceId]));
    return next.flatMap((seq) => idOf.get(seq) ?? []);
  }

  /** Ratings of people over a query's traces: first-error positions, and labels a step. */
  async agreementData(query: Query): Promise<{ firstErrors: Rating<string>[]; steps: Rating<number>[] }> {
    const wanted = new Set(await this.traces.seqs(query));
    const rows = await this.db.all(
      `SELECT r.trace, r.body FROM review r JOIN (${STANDING}) s USING (ord) ORDER BY r.ord`,
    );
    const reviews = rows
      .filter((r) => wanted.has(Number(r.trace)))
      .map((r) => JSON.parse(r.body as string) as Review);
    return {
      firstErrors: reviews.map((r) => ({
        item: r.trace,
        rater: r.reviewer,
        value: String(r.firstError ?? 'clean'),
      })),
      steps: reviews.flatMap((r) =>
        r.labels.flatMap((label: StepLabel | null, i) =>
          label === null ? [] : [{ item: `${r.trace}/${i}`, rater: r.reviewer, value: label }],
        ),
      ),
    };
  }

  /** The newest standing review of each trace. */
  async standing(seqs: ArrayLike<number>): Promise<Map<number, Review>> {
    const rows = await this.db.all(
      `SELECT r.trace, r.body FROM review r JOIN (${STANDING}) s USING (ord) WHERE r.trace IN (SELECT unnest($1::UINTEGER[])) ORDER BY r.ord`,
      [seqList(Array.from(seqs))],
    );
    return new Map(rows.map((r) => [Number(r.trace), JSON.parse(r.body as string) as Review]));
  }

  /** @returns the verdict that stands after the undo, to be appended */
  private async takeBack(
    tx: Writer,
    undo: Review,
    seq: number,
  ): Promise<Judgement & { withdrawn?: boolean }> {
    const before = await tx.all(
      `SELECT body FROM (${STANDING} AND r.trace = $1 AND r.reviewer = $2) ORDER BY ord DESC LIMIT 1`,
      [seq, undo.reviewer],
    );
    const earlier = before[0] ? (JSON.parse(before[0].body as string) as Review) : null;
    const [flag] = await tx.all(FLAG_SET, [seq]);
    await tx.run('UPDATE trace SET flagged = $2 WHERE seq = $1', [seq, flag?.flagged === true]);
    return earlier ? { ...judgementOf(earlier), at: undo.at } : { ...judgementOf(undo), withdrawn: true };
  }
}

const checkSteps = (review: Review, steps: number): void => {
  const last = Math.max(
    review.firstError ?? -1,
    ...review.corrections.map((c) => c.step),
    review.labels.length - 1,
  );
  if (last >= steps)
    throw new StoreError(
      `The review speaks of step ${last}, but trace ${review.trace} has ${steps} steps (0 to ${steps - 1}).`,
    );
};
