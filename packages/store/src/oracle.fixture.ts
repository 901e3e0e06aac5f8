import { CATEGORIES } from '@flywheel/domain/category';
import type { Sort } from '@flywheel/domain/facet';
import { encodeStrip, type Flaw, resolveFlaw } from '@flywheel/domain/flaw';
import { IMPORTED_GOLD, JudgeId, type TraceId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import type { Judgement } from '@flywheel/domain/judgement';
import type { Clause, FieldValue, Query, TextExpr } from '@flywheel/domain/query/ast';
import { selectedValues, selects } from '@flywheel/domain/query/edit';
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

const OUTCOMES: readonly Outcome[] = ['unknown', 'right', 'wrong', 'none'];
const words = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/** Consecutive words of `text`; the last one of a prefix may go on. */
const holds = (text: string, wanted: readonly string[], prefix: boolean): boolean => {
  const all = words(text);
  return all.some((_, from) =>
    wanted.every((word, i) =>
      prefix && i === wanted.length - 1 ? all[from + i]?.startsWith(word) : all[from + i] === word,
    ),
  );
};

const either = <T>(a: T | null, b: T | null, compare: (x: T, y: T) => number): number =>
  a === null || b === null ? 0 : compare(a, b);
const byValue = (x: number | string, y: number | string): number => (x < y ? -1 : x > y ? 1 : 0);

/**
 * The store in plain maps and arrays: every answer is computed from the records and the log of what was said of them,
 * nothing is kept that could go stale.
 */
export class Oracle {
  traces: OracleTrace[] = [];
  readonly reviews: { review: Review; trace: OracleTrace }[] = [];
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
    if (review.action !== 'undo') trace.flagged = review.flagged;
    else {
      const earlier = this.standingCommits(trace, review.reviewer).at(-1);
      trace.log.push({ ...this.said(earlier ?? review, review.at), withdrawn: earlier === undefined });
      trace.flagged = earlier?.flagged ?? false;
    }
    return true;
  }

  /** Runs a bulk act on what the query selects. @returns how many it changed */
  act(id: number, query: Query, change: (t: OracleTrace) => (() => void) | null): number {
    const undos = this.select(query).flatMap((t) => {
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

  select(query: Query, without?: string): OracleTrace[] {
    const fields = new Set(query.clauses.map((c) => c.field).filter((f) => f !== without));
    return this.traces.filter(
      (t) =>
        [...fields].every((field) => {
          const own = query.clauses.filter((c) => c.field === field);
          const wanted = own.filter((c) => !c.negated);
          return (
            (wanted.length === 0 || wanted.some((c) => this.takes(t, c))) &&
            own.every((c) => !c.negated || !this.takes(t, c))
          );
        }) &&
        (query.text === null || this.says(t, query.text)),
    );
  }

  sorted(query: Query, sort: Sort): OracleTrace[] {
    const sign = sort.descending ? -1 : 1;
    if (sort.key === 'arrival') return this.select(query).sort((a, b) => sign * (a.place - b.place));
    const keys = new Map(this.select(query).map((t) => [t, this.sortKeys(t, sort.key)]));
    return [...keys.keys()].sort((a, b) => {
      const [x, y] = [keys.get(a) ?? [], keys.get(b) ?? []];
      for (const [i, left] of x.entries()) {
        const right = y[i] ?? null;
        // Nulls come last in both directions.
        const order = Number(left === null) - Number(right === null) || sign * either(left, right, byValue);
        if (order !== 0) return order;
      }
      return a.place - b.place;
    });
  }

  /** Value -> count, total, selected of one facet. */
  facet(query: Query, field: string): Map<string, { count: number; total: number; selected: boolean }> {
    const chosen = selectedValues(query, field as Clause['field']);
    const counts = new Map<string, { count: number; total: number; selected: boolean }>();
    const matching = new Set(this.select(query, field));
    for (const t of this.traces)
      for (const value of this.valuesOf(t, field)) {
        const entry = counts.get(value) ?? { count: 0, total: 0, selected: selects(chosen, value) };
        entry.total++;
        if (matching.has(t)) entry.count++;
        counts.set(value, entry);
      }
    return counts;
  }

  /** A row of the table as the store gives it, without its row number. */
  row(t: OracleTrace): Record<string, unknown> {
    const { flaw, outcome, reviewed } = this.derive(t);
    return {
      id: t.record.id,
      problem: t.record.problemId,
      label: `${t.problem.task}/${t.problem.ordinal}`,
      promptHead: t.problem.prompt.slice(0, 160),
      task: t.record.task,
      model: t.record.model,
      source: t.record.source,
      importId: t.importId,
      outcome,
      given: t.record.given,
      answer: t.record.answer,
      reference: t.problem.reference,
      steps: t.record.steps.length,
      firstError: flaw.firstError,
      flawKind: flaw.kind,
      category: flaw.category,
      strip: encodeStrip(flaw.labels),
      agreement: flaw.agreement,
      conflict: flaw.conflict,
      reviewed,
      flagged: t.flagged,
      tags: [...t.tags].sort(),
    };
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

  private standingCommits(trace: OracleTrace, reviewer?: string): Review[] {
    const undone = new Set(this.reviews.map((r) => r.review.action === 'undo' && r.review.undoes));
    return this.reviews
      .filter((r) => r.trace === trace && r.review.action === 'commit' && !undone.has(r.review.id))
      .map((r) => r.review)
      .filter((r) => reviewer === undefined || r.reviewer === reviewer);
  }

  /** All values under which a trace counts in a facet, or can be asked for. */
  private valuesOf(t: OracleTrace, field: string): string[] {
    const { flaw, outcome, reviewed, standing } = this.derive(t);
    const yesNo = (b: boolean) => [b ? 'yes' : 'no'];
    switch (field) {
      case 'id':
        return [t.record.id];
      case 'problem':
        return [`${t.problem.task}/${t.problem.ordinal}`, t.record.problemId];
      case 'task':
      case 'model':
      case 'source':
        return [t.record[field]];
      case 'outcome':
        return [outcome];
      case 'category':
        return [flaw.category ?? 'none'];
      case 'error':
        return [
          flaw.firstError === null
            ? 'none'
            : flaw.firstError === -1
              ? 'clean'
              : flaw.firstError === -2
                ? 'unlocated'
                : String(flaw.firstError),
        ];
      case 'steps':
        return [String(t.record.steps.length)];
      case 'import':
        return [String(t.importId)];
      case 'conflict':
        return yesNo(flaw.conflict);
      case 'reviewed':
        return yesNo(reviewed);
      case 'flagged':
        return yesNo(t.flagged);
      case 'judge':
        return standing.map((j) => j.judge);
      case 'reviewer':
        return this.standingCommits(t).map((r) => r.reviewer);
      case 'tag':
        return [...t.tags];
      case 'selection':
        return [...this.selections].flatMap(([name, items]) => (items.has(t) ? [name] : []));
      default: {
        const value = t.record.extra[field.slice('meta.'.length)];
        return value === undefined || value === null ? [] : [String(value)];
      }
    }
  }

  private takes(t: OracleTrace, clause: Clause): boolean {
    const values = this.valuesOf(t, clause.field);
    const within = (v: FieldValue, value: string): boolean =>
      v.kind === 'is'
        ? v.value === value
        : /^\d+$/.test(value) && Number(value) >= (v.min ?? 0) && Number(value) <= (v.max ?? Infinity);
    return clause.values.some((v) => values.some((value) => within(v, value)));
  }

  private says(t: OracleTrace, e: TextExpr): boolean {
    switch (e.op) {
      case 'and':
        return e.items.every((item) => this.says(t, item));
      case 'or':
        return e.items.some((item) => this.says(t, item));
      case 'not':
        return !this.says(t, e.item);
      default: {
        const texts = [t.problem.prompt, t.record.steps.join('\n'), ...t.log.map((j) => j.rationale)];
        return texts.some((text) => holds(text, words(e.text), e.op === 'prefix'));
      }
    }
  }

  private sortKeys(t: OracleTrace, key: Sort['key']): (number | string | null)[] {
    const { flaw, outcome, usefulness } = this.derive(t);
    const numberThenText = (text: string | null) => {
      const value = text === null ? Number.NaN : Number(text.replaceAll(',', ''));
      return [Number.isNaN(value) ? null : value, text];
    };
    switch (key) {
      case 'problem':
        return [t.problem.place];
      case 'task':
      case 'model':
        return [t.record[key]];
      case 'outcome':
        return [OUTCOMES.indexOf(outcome)];
      case 'answer':
        return numberThenText(t.record.answer);
      case 'reference':
        return numberThenText(t.problem.reference);
      case 'steps':
        return [t.record.steps.length];
      case 'error':
        return [flaw.firstError];
      case 'category':
        return [flaw.category && CATEGORIES.findIndex((c) => c.id === flaw.category)];
      case 'conflict':
        return [Number(flaw.conflict)];
      case 'usefulness':
        return [usefulness];
      default:
        return [t.place];
    }
  }
}
