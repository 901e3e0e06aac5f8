import { CATEGORIES } from '@flywheel/domain/category';
import type { Sort } from '@flywheel/domain/facet';
import { encodeStrip } from '@flywheel/domain/flaw';
import type { Clause, FieldValue, Query, TextExpr } from '@flywheel/domain/query/ast';
import { selectedValues, selects } from '@flywheel/domain/query/edit';
import type { Outcome } from '@flywheel/domain/trace';
import type { Oracle, OracleTrace } from './oracle.fixture.ts';

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

export const select = (oracle: Oracle, query: Query, without?: string): OracleTrace[] => {
  const fields = new Set(query.clauses.map((c) => c.field).filter((f) => f !== without));
  return oracle.traces.filter(
    (t) =>
      [...fields].every((field) => {
        const own = query.clauses.filter((c) => c.field === field);
        const wanted = own.filter((c) => !c.negated);
        return (
          (wanted.length === 0 || wanted.some((c) => takes(oracle, t, c))) &&
          own.every((c) => !c.negated || !takes(oracle, t, c))
        );
      }) &&
      (query.text === null || says(t, query.text)),
  );
};

export const sorted = (oracle: Oracle, query: Query, sort: Sort): OracleTrace[] => {
  const sign = sort.descending ? -1 : 1;
  if (sort.key === 'arrival') return select(oracle, query).sort((a, b) => sign * (a.place - b.place));
  const keys = new Map(select(oracle, query).map((t) => [t, sortKeys(oracle, t, sort.key)]));
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
};

/** Value -> count, total, selected of one facet. */
export const facet = (
  oracle: Oracle,
  query: Query,
  field: string,
): Map<string, { count: number; total: number; selected: boolean }> => {
  const chosen = selectedValues(query, field as Clause['field']);
  const counts = new Map<string, { count: number; total: number; selected: boolean }>();
  const matching = new Set(select(oracle, query, field));
  for (const t of oracle.traces)
    for (const value of valuesOf(oracle, t, field)) {
      const entry = counts.get(value) ?? { count: 0, total: 0, selected: selects(chosen, value) };
      entry.total++;
      if (matching.has(t)) entry.count++;
      counts.set(value, entry);
    }
  return counts;
};

/** A row of the table as the store gives it, without its row number. */
export const row = (oracle: Oracle, t: OracleTrace): Record<string, unknown> => {
  const { flaw, outcome, reviewed } = oracle.derive(t);
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
    // No model looks at the oracle's traces.
    surprise: null,
    selfAgreement: null,
    conflict: flaw.conflict,
    reviewed,
    flagged: t.flagged,
    tags: [...t.tags].sort(),
  };
};

/** All values under which a trace counts in a facet, or can be asked for. */
const valuesOf = (oracle: Oracle, t: OracleTrace, field: string): string[] => {
  const { flaw, outcome, reviewed, standing } = oracle.derive(t);
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
    case 'run':
      return [...oracle.runs].flatMap(([run, items]) => (items.has(t) ? [String(run)] : []));
    case 'conflict':
      return yesNo(flaw.conflict);
    case 'reviewed':
      return yesNo(reviewed);
    case 'flagged':
      return yesNo(t.flagged);
    case 'judge':
      return standing.map((j) => j.judge);
    case 'flawedby':
    case 'cleanby':
      return standing.filter((j) => (j.verdict === 'clean') === (field === 'cleanby')).map((j) => j.judge);
    case 'reviewer':
      return oracle.standingCommits(t).map((r) => r.reviewer);
    case 'tag':
      return [...t.tags];
    case 'selection':
      return [...oracle.selections].flatMap(([name, items]) => (items.has(t) ? [name] : []));
    default: {
      const value = t.record.extra[field.slice('meta.'.length)];
      return value === undefined || value === null ? [] : [String(value)];
    }
  }
};

const takes = (oracle: Oracle, t: OracleTrace, clause: Clause): boolean => {
  const values = valuesOf(oracle, t, clause.field);
  const within = (v: FieldValue, value: string): boolean =>
    v.kind === 'is'
      ? v.value === value
      : /^\d+$/.test(value) && Number(value) >= (v.min ?? 0) && Number(value) <= (v.max ?? Infinity);
  return clause.values.some((v) => values.some((value) => within(v, value)));
};

const says = (t: OracleTrace, e: TextExpr): boolean => {
  switch (e.op) {
    case 'and':
      return e.items.every((item) => says(t, item));
    case 'or':
      return e.items.some((item) => says(t, item));
    case 'not':
      return !says(t, e.item);
    default: {
      const texts = [t.problem.prompt, t.record.steps.join('\n'), ...t.log.map((j) => j.rationale)];
      return texts.some((text) => holds(text, words(e.text), e.op === 'prefix'));
    }
  }
};

const sortKeys = (oracle: Oracle, t: OracleTrace, key: Sort['key']): (number | string | null)[] => {
  const { flaw, outcome, usefulness } = oracle.derive(t);
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
    case 'surprise':
      return [null];
    default:
      return [t.place];
  }
};
