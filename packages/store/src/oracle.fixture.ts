import { type Flaw, resolveFlaw } from '@flywheel/domain/flaw';
import { IMPORTED_GOLD, JudgeId, type TraceId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import type { Judgement } from '@flywheel/domain/judgement';
import type { Review } from '@flywheel/domain/review';
import type { Outcome } from '@flywheel/domain/trace';
import { PARTIAL_JUDGES } from './flaws.ts';

/** A judgement in the log; `withdrawn` ones only silence the judge's earlier one. */
type Logged = Judgement & { withdrawn: boolean };

interface OracleProblem {
  /** Order of arrival. */
  place: number;
  task: string;
  ordinal: number;
  prompt: string;
  reference: string | null;
}

export interface OracleTrace {
  record: IngestTrace;
  place: number;
  problem: OracleProblem;
  importId: number;
  flagged: boolean;
  /** Reviews and acts that set the flag and stand, oldest first. */
  flags: { by: string | number; on: boolean }[];
  tags: Set<string>;
  log: Logged[];
}

/** What follows from a trace's log. */
interface Derived {
  standing: Judgement[];
  flaw: Flaw;
  outcome: Outcome;
  reviewed: boolean;
  usefulness: number;
}

/**
 * The store in plain maps and arrays: every answer is computed from the records and the log of what was said of them,
 * nothing is kept that could go stale.
 */
export class Oracle {
  traces: OracleTrace[] = [];
  readonly reviews: { review: Review; trace: OracleTrace }[] = [];
  /** Traces that each run is about. */
  readonly runs = new Map<number, Set<OracleTrace>>();
  readonly selections = new Map<string, Set<OracleTrace>>();
  readonly acts = new Map<number, { undo: () => void; undone: boolean }>();
  private arrived = 0;
  private asked = 0;

  find(id: string): OracleTrace | undefined {
    return this.traces.find((t) => t.record.id === id);
  }

  write(importId: number, records: readonly IngestTrace[]): { imported: number; duplicates: number } {
    let imported = 0;
    for (const record of records) {
      if (this.find(record.id)) continue;
      imported++;
      const known = this.traces.find((t) => t.record.problemId === record.problemId)?.problem;
      const ordinals = this.traces
        .filter((t) => t.problem.task === record.task)
        .map((t) => t.problem.ordinal);
      const trace: OracleTrace = {
        record,
        place: this.arrived++,
        problem: known ?? {
          place: this.asked++,
          task: record.task,
          ordinal: Math.max(-1, ...ordinals) + 1,
          prompt: record.prompt,
          reference: record.reference,
        },
        importId,
        flagged: false,
        flags: [],
        tags: new Set(),
        log: [],
      };
      if (record.gold)
        trace.log.push({
          trace: record.id as TraceId,
          judge: IMPORTED_GOLD,
          scope: 'steps',
          verdict: record.gold.position === -1 ? 'clean' : 'flawed',
          firstError: record.gold.position >= 0 ? record.gold.position : null,
          labels: record.gold.labels,
          category: null,
          confidence: null,
          rationale: record.gold.rationale ?? '',
          evidence: [],
          version: 'imported',
          imported: true,
          at: 0,
          withdrawn: false,
        });
      this.traces.push(trace);
    }
    return { imported, duplicates: records.length - imported };
  }

  /** @returns how many went, or null when reviews hold the import */
  undoImport(importId: number): number | null {
    const gone = new Set(this.traces.filter((t) => t.importId === importId));
    if (this.reviews.some((r) => gone.has(r.trace))) return null;
    this.traces = this.traces.filter((t) => !gone.has(t));
    for (const items of this.selections.values()) for (const t of gone) items.delete(t);
    return gone.size;
  }

  judge(judgements: readonly Judgement[]): void {
    for (const j of judgements) this.find(j.trace)?.log.push({ ...j, withdrawn: false });
  }

  /** @returns whether the review was new */
  review(review: Review): boolean {
    const trace = this.find(review.trace) as OracleTrace;
    if (this.reviews.some((r) => r.review.id === review.id)) return false;
    this.reviews.push({ review, trace });
    if (review.action === 'commit') trace.log.push(this.said(review, review.at));
    if (review.action !== 'undo') {
      trace.flagged = review.flagged;
      trace.flags.push({ by: review.id, on: review.flagged });
    } else {
      const earlier = this.standingCommits(trace, review.reviewer).at(-1);
      trace.log.push({ ...this.said(earlier ?? review, review.at), withdrawn: earlier === undefined });
      trace.flags = trace.flags.filter((f) => f.by !== review.undoes);
      trace.flagged = trace.flags.at(-1)?.on ?? false;
    }
    return true;
  }

  /** Runs a bulk act on these traces. @returns how many it changed */
  act(id: number, traces: readonly OracleTrace[], change: (t: OracleTrace) => (() => void) | null): number {
    const undos = traces.flatMap((t) => {
      const undo = change(t);
      return undo ? [() => this.traces.includes(t) && undo()] : [];
    });
    this.acts.set(id, { undone: false, undo: () => undos.forEach((undo) => undo()) });
    return undos.length;
  }

  derive(t: OracleTrace): Derived {
    const newest = new Map<string, Logged>();
    for (const j of t.log) {
      // The order in the log decides whose word is the newest, and orders the rest.
      newest.delete(j.judge);
      newest.set(j.judge, j);
    }
    const standing = [...newest.values()].flatMap(({ withdrawn, ...j }) => (withdrawn ? [] : [j]));
    const flaw = resolveFlaw(t.record.steps.length, standing, PARTIAL_JUDGES);
    const outcomes = standing.filter((j) => j.scope === 'outcome').sort((a, b) => a.at - b.at);
    const said = outcomes.at(-1)?.verdict;
    const outcome =
      t.record.given ??
      (said ? (said === 'clean' ? 'right' : 'wrong') : t.record.answer === null ? 'none' : 'unknown');
    const reviewed = standing.some((j) => j.judge.startsWith('human:') && !j.imported);
    const convincing = outcome === 'wrong' && (flaw.firstError === null || flaw.firstError < 0);
    const usefulness = reviewed ? 0 : flaw.conflict ? 3 : convincing ? 2 : 1;
    return { standing, flaw, outcome, reviewed, usefulness };
  }

  private said(review: Review, at: number): Logged {
    return {
      trace: review.trace,
      judge: JudgeId.parse(`human:${review.reviewer}`),
      scope: 'steps',
      verdict: review.firstError === null ? 'clean' : 'flawed',
      firstError: review.firstError,
      labels: review.labels,
      category: review.category,
      confidence: null,
      rationale: review.rationale,
      evidence: [],
      version: review.id,
      imported: false,
      at,
      withdrawn: false,
    };
  }

  /** Commits on a trace that were not undone, oldest first. */
  standingCommits(trace: OracleTrace, reviewer?: string): Review[] {
    const undone = new Set(this.reviews.map((r) => r.review.action === 'undo' && r.review.undoes));
    return this.reviews
      .filter((r) => r.trace === trace && r.review.action === 'commit' && !undone.has(r.review.id))
      .map((r) => r.review)
      .filter((r) => reviewer === undefined || r.reviewer === reviewer);
  }
}
