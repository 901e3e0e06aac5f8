import type { Category } from '@flywheel/domain/category';
import type { ReviewId, TraceId } from '@flywheel/domain/ids';
import type { StepLabel } from '@flywheel/domain/judgement';
import { firstBad, markFirstError, type Review, type ReviewAction } from '@flywheel/domain/review';

export type Labels = readonly (StepLabel | null)[];

/** What a reviewer has said so far about one trace: everything that `u` can take back. */
export interface DraftContent {
  readonly labels: Labels;
  /** Said outright that there is no error; needed because a trace may have no steps at all. */
  readonly clean: boolean;
  readonly category: Category | null;
  readonly rationale: string;
  readonly corrections: Review['corrections'];
  readonly flagged: boolean;
}

/** A review in progress: the content, the step under the cursor, and earlier contents, newest last. */
export interface Draft extends DraftContent {
  readonly trace: TraceId;
  readonly cursor: number;
  readonly past: readonly DraftContent[];
}

export type Act =
  | { do: 'move'; by: number }
  | { do: 'goto'; step: number }
  | { do: 'label'; label: StepLabel; step?: number }
  | { do: 'first-error'; step?: number }
  | { do: 'clean' }
  | { do: 'category'; category: Category | null }
  | { do: 'rationale'; text: string }
  | { do: 'correct'; step: number; text: string | null }
  | { do: 'flag' }
  | { do: 'undo' };

/** A fresh draft: no step looked at; `flagged` starts as the trace's own flag. */
export const newDraft = (trace: TraceId, steps: number, flagged: boolean): Draft => ({
  trace,
  labels: Array.from({ length: steps }, () => null),
  clean: false,
  category: null,
  rationale: '',
  corrections: [],
  flagged,
  cursor: 0,
  past: [],
});

const content = (d: Draft): DraftContent => ({
  labels: d.labels,
  clean: d.clean,
  category: d.category,
  rationale: d.rationale,
  corrections: d.corrections,
  flagged: d.flagged,
});

const change = (d: Draft, next: Partial<DraftContent>, cursor = d.cursor): Draft => {
  const labels = next.labels ?? d.labels;
  const located = firstBad(labels) !== null;
  return {
    ...d,
    ...next,
    clean: !located && (next.clean ?? d.clean),
    category: located ? (next.category === undefined ? d.category : next.category) : null,
    cursor,
    past: [...d.past, content(d)],
  };
};

const clamp = (step: number, steps: number): number => Math.max(0, Math.min(steps - 1, step));

const inTrace = (d: Draft, step: number): boolean =>
  Number.isInteger(step) && step >= 0 && step < d.labels.length;

/** One act applied. Pure; an act that changes nothing returns the same draft and adds nothing to undo. */
export const act = (d: Draft, a: Act): Draft => {
  switch (a.do) {
    case 'move':
    case 'goto': {
      const cursor = clamp(a.do === 'move' ? d.cursor + a.by : a.step, d.labels.length);
      return cursor === d.cursor ? d : { ...d, cursor };
    }
    case 'label': {
      const step = a.step ?? d.cursor;
      if (!inTrace(d, step)) return d;
      // The same key again takes the label back: "not looked at" must be reachable, and is not 0.
      const label = d.labels[step] === a.label ? null : a.label;
      return change(d, { labels: d.labels.with(step, label), clean: false }, step);
    }
    case 'first-error': {
      const step = a.step ?? d.cursor;
      if (!inTrace(d, step)) return d;
      // "First" is meant literally: an earlier step that was bad is taken back before the rest is filled in.
      const earlier = d.labels.map((label, i) => (i < step && label === -1 ? null : label));
      const labels = markFirstError(earlier, step);
      return same(labels, d.labels) && !d.clean ? d : change(d, { labels }, step);
    }
    case 'clean': {
      const labels = d.labels.map((label): StepLabel => (label === 0 ? 0 : 1));
      return d.clean && same(labels, d.labels) ? d : change(d, { labels, clean: true });
    }
    case 'category':
      return firstBad(d.labels) === null || a.category === d.category
        ? d
        : change(d, { category: a.category });
    case 'rationale':
      return a.text === d.rationale ? d : change(d, { rationale: a.text });
    case 'correct': {
      if (!inTrace(d, a.step)) return d;
      const was = d.corrections.find((c) => c.step === a.step)?.text ?? null;
      if (was === a.text) return d;
      const others = d.corrections.filter((c) => c.step !== a.step);
      const corrections =
        a.text === null
          ? others
          : [...others, { step: a.step, text: a.text }].toSorted((x, y) => x.step - y.step);
      return change(d, { corrections });
    }
    case 'flag':
      return change(d, { flagged: !d.flagged });
    case 'undo': {
      const last = d.past.at(-1);
      return last === undefined ? d : { ...d, ...last, past: d.past.slice(0, -1) };
    }
  }
};

const same = (a: Labels, b: Labels): boolean =>
  a.length === b.length && a.every((label, i) => label === b[i]);

/** Whether the draft says anything that a commit would keep. */
export const isUntouched = (d: Draft): boolean => d.past.length === 0;

/** Why the draft cannot be committed yet, in words for the reviewer; null when it can. */
export const commitProblem = (d: Draft): string | null => {
  if (firstBad(d.labels) !== null || d.clean) return null;
  const unlooked = d.labels.filter((label) => label === null).length;
  if (unlooked === 0 && d.labels.length > 0) return null;
  return unlooked === d.labels.length
    ? 'Nothing is marked yet: x marks the first error, 0 says that the trace is clean.'
    : `${unlooked} of ${d.labels.length} steps not looked at and no error marked: x marks the first error, 0 says that the trace is clean.`;
};

/** In words what a commit would say, e.g. `S3, wrong operand (copy)`. */
export const headline = (d: Draft): string => {
  const k = firstBad(d.labels);
  if (k !== null) return `S${k}`;
  return commitProblem(d) === null ? 'clean' : 'nothing marked';
};

export interface Signing {
  id: ReviewId;
  reviewer: string;
  action: Exclude<ReviewAction, 'undo'>;
  reason: string;
  /** Active milliseconds on the trace. */
  spentMs: number;
  blind: boolean;
  at: number;
}

/** The review to send: a draft, signed. `firstError` is the first step labelled -1, null = clean. */
export const sign = (d: Draft, s: Signing): Review => ({
  id: s.id,
  trace: d.trace,
  reviewer: s.reviewer,
  action: s.action,
  firstError: s.action === 'commit' ? firstBad(d.labels) : null,
  labels: [...d.labels],
  category: d.category,
  rationale: d.rationale,
  corrections: [...d.corrections],
  flagged: d.flagged,
  reason: s.reason,
  undoes: null,
  spentMs: Math.round(s.spentMs),
  blind: s.blind,
  at: s.at,
});

/** The review that takes another one back; it carries the same content, so that the log reads by itself. */
export const signUndo = (taken: Review, id: ReviewId, at: number): Review => ({
  ...taken,
  id,
  action: 'undo',
  reason: '',
  undoes: taken.id,
  spentMs: 0,
  at,
});
