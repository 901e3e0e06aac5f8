import { BOOLEAN, SMALLINT, UBIGINT, UINTEGER, USMALLINT, UTINYINT, VARCHAR } from '@duckdb/node-api';
import { encodeStrip, type Flaw, resolveFlaw } from '@flywheel/domain/flaw';
import type { TraceId } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import type { Outcome } from '@flywheel/domain/trace';
import {
  categoryCode,
  givenName,
  JUDGE_BITS,
  judgeBits,
  kindCode,
  outcomeCode,
  usefulness,
} from './codes.ts';
import type { Writer } from './database.ts';
import { standingVerdicts, toJudgement } from './judgement-rows.ts';
import type { Names } from './names.ts';
import { type Among, among } from './trace-rows.ts';

/** Judges whose `clean` only says that they found none of the errors they look for (`Verifier.partial`). */
export const PARTIAL_JUDGES: ReadonlySet<string> = new Set([
  'verifier:calc-annotations',
  'verifier:equality-chain',
]);

const AT_ONCE = 20_000;

/** Given by the file, else the newest outcome judgement, else whether there is an answer at all. */
const outcomeOf = (
  given: 'right' | 'wrong' | null,
  hasAnswer: boolean,
  judgements: readonly Judgement[],
): Outcome => {
  if (given) return given;
  const newest = judgements
    .filter((j) => j.scope === 'outcome')
    .reduce<Judgement | null>((a, b) => (a && a.at > b.at ? a : b), null);
  if (newest) return newest.verdict === 'clean' ? 'right' : 'wrong';
  return hasAnswer ? 'unknown' : 'none';
};

interface Resolved {
  seq: number;
  flaw: Flaw;
  outcome: Outcome;
  /** Codes of the judges with a standing verdict. */
  judges: number[];
  reviewed: boolean;
}

/**
 * Resolves the flaw and outcome of these traces anew from their judgements and reviews, and keeps them on the trace.
 * Everything that appends judgements or reviews ends here, so what is on the trace can always be rebuilt.
 */
export const resolveTraces = async (tx: Writer, names: Names, seqs: readonly number[]): Promise<void> => {
  for (let from = 0; from < seqs.length; from += AT_ONCE)
    await resolveSome(tx, names, seqs.slice(from, from + AT_ONCE));
};

const resolveSome = async (tx: Writer, names: Names, seqs: readonly number[]): Promise<void> => {
  const list = among(seqs);
  // Two reads: joined, they cost more than twice.
  const traces = await tx.all(`SELECT seq, given, steps FROM trace WHERE ${list.holds('seq')}`, list.values);
  const answered = new Set(
    (
      await tx.all(
        `SELECT seq FROM trace_body WHERE answer IS NOT NULL AND ${list.holds('seq')}`,
        list.values,
      )
    ).map((r) => Number(r.seq)),
  );
  const bySeq = new Map<number, Judgement[]>();
  const judges = new Map<number, number[]>();
  for (const r of await standingVerdicts(tx, list)) {
    const own = bySeq.get(Number(r.trace)) ?? [];
    own.push(toJudgement(r, '' as TraceId, names));
    bySeq.set(Number(r.trace), own);
    const codes = judges.get(Number(r.trace)) ?? [];
    codes.push(Number(r.judge));
    judges.set(Number(r.trace), codes);
  }
  const resolved = traces.map((t): Resolved => {
    const judgements = bySeq.get(Number(t.seq)) ?? [];
    return {
      seq: Number(t.seq),
      flaw: resolveFlaw(Number(t.steps), judgements, PARTIAL_JUDGES),
      outcome: outcomeOf(givenName(Number(t.given)), answered.has(Number(t.seq)), judgements),
      judges: judges.get(Number(t.seq)) ?? [],
      reviewed: judgements.some((j) => j.judge.startsWith('human:') && !j.imported),
    };
  });
  await keep(tx, resolved);
  if (names.all('judge').length > JUDGE_BITS) await keepLaterJudges(tx, list, resolved);
};

const keep = async (tx: Writer, resolved: readonly Resolved[]): Promise<void> => {
  await tx.run(`CREATE OR REPLACE TEMP TABLE resolved (seq UINTEGER, outcome UTINYINT, first_error SMALLINT, category UTINYINT, flaw_kind UTINYINT,
    verifier_at SMALLINT, critic_at SMALLINT, local_at SMALLINT, human_at SMALLINT, conflict BOOLEAN, reviewed BOOLEAN, usefulness UTINYINT, judges UBIGINT, strip VARCHAR)`);
  const of = <T>(pick: (r: Resolved) => T) => resolved.map(pick);
  await tx.append('resolved', [
    ['seq', UINTEGER, of((r) => r.seq)],
    ['outcome', UTINYINT, of((r) => outcomeCode(r.outcome))],
    ['first_error', SMALLINT, of((r) => r.flaw.firstError)],
    ['category', UTINYINT, of((r) => categoryCode(r.flaw.category))],
    ['flaw_kind', UTINYINT, of((r) => kindCode(r.flaw.kind))],
    ['verifier_at', SMALLINT, of((r) => r.flaw.agreement.verifier)],
    ['critic_at', SMALLINT, of((r) => r.flaw.agreement.critic)],
    ['local_at', SMALLINT, of((r) => r.flaw.agreement.local)],
    ['human_at', SMALLINT, of((r) => r.flaw.agreement.human)],
    ['conflict', BOOLEAN, of((r) => r.flaw.conflict)],
    ['reviewed', BOOLEAN, of((r) => r.reviewed)],
    ['usefulness', UTINYINT, of((r) => usefulness({ ...r.flaw, outcome: r.outcome, reviewed: r.reviewed }))],
    ['judges', UBIGINT, of((r) => judgeBits(r.judges))],
    [
      'strip',
      VARCHAR,
      of((r) => (r.flaw.labels.some((l) => l !== null) ? encodeStrip(r.flaw.labels) : null)),
    ],
  ]);
  await tx.run(`UPDATE trace SET outcome = r.outcome, first_error = r.first_error, category = r.category, flaw_kind = r.flaw_kind,
    verifier_at = r.verifier_at, critic_at = r.critic_at, local_at = r.local_at, human_at = r.human_at,
    conflict = r.conflict, reviewed = r.reviewed, usefulness = r.usefulness, judges = r.judges FROM resolved r WHERE trace.seq = r.seq`);
  await tx.run(
    `UPDATE trace_body SET strip = r.strip FROM resolved r WHERE trace_body.seq = r.seq AND trace_body.strip IS DISTINCT FROM r.strip`,
  );
  await tx.run('DROP TABLE resolved');
};

/** Those judges that have no bit. Only in a workspace that has so many. */
const keepLaterJudges = async (
  tx: Writer,
  { values, holds }: Among,
  resolved: readonly Resolved[],
): Promise<void> => {
  await tx.run(`DELETE FROM trace_judge WHERE ${holds('trace')}`, values);
  const rows = resolved.flatMap((r) =>
    r.judges.flatMap((judge) => (judge < JUDGE_BITS ? [] : [{ trace: r.seq, judge }])),
  );
  await tx.append('trace_judge', [
    ['trace', UINTEGER, rows.map((r) => r.trace)],
    ['judge', USMALLINT, rows.map((r) => r.judge)],
  ]);
};
