import type { Review } from '@flywheel/domain/review';
import type { TraceDetail } from '@flywheel/domain/trace';
import { z } from 'zod';

/** A trace with everything that an export may say of it. */
export interface ExportTrace extends Omit<TraceDetail, 'siblings'> {
  /** The newest standing review, or null. */
  review: Review | null;
}

export interface ExportFormat {
  id: string;
  title: string;
  extension: string;
  /** What one line must be; every line written is checked against it. */
  line: z.ZodType;
  /** The line for a trace, or why there is none. */
  convert(trace: ExportTrace): unknown | { skip: string };
}

const Message = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().min(1) });

/** The text that stands after review: corrections replace their steps, what follows a located error is cut off. */
const correctedSteps = (t: ExportTrace): string[] | null => {
  const corrections = new Map(t.review?.corrections.map((c) => [c.step, c.text]));
  if (corrections.size === 0) return null;
  const last = Math.max(...corrections.keys());
  return t.steps.slice(0, last + 1).map((s, i) => corrections.get(i) ?? s);
};

/** Nobody located an error, and the answer is not wrong: a verifier that found nothing proves nothing of a wrong answer. */
const isClean = (t: ExportTrace): boolean => t.row.firstError === -1 && t.row.outcome !== 'wrong';

/** Only such text is taught as an example. */
const isGood = (t: ExportTrace): boolean =>
  isClean(t) || (t.row.firstError === null && t.row.outcome === 'right');
const NOT_GOOD = { skip: 'flawed, or nobody found it right' };

/**
 * TRL stepwise supervision, standard format: `prompt`, `completions`, `labels` (Hugging Face, "TRL: Dataset formats and types",
 * huggingface.co/docs/trl/dataset_formats, which also names the columns of the other TRL formats here). `labels` are the truth of each
 * step up to and including the first error (Uesato et al. 2022, arXiv 2211.14275).
 */
const stepwise: ExportFormat = {
  id: 'trl-stepwise',
  title: 'TRL stepwise supervision',
  extension: '.jsonl',
  line: z
    .strictObject({
      prompt: z.string().min(1),
      completions: z.array(z.string()).min(1),
      labels: z.array(z.boolean()),
    })
    .refine((l) => l.completions.length === l.labels.length, 'one label a completion'),
  convert: (t) => {
    const first = t.row.firstError;
    if (first === null || first === -2)
      return { skip: first === null ? 'not labelled' : 'the place of the flaw is unknown' };
    if (first === -1 && !isClean(t)) return { skip: 'wrong answer, but nobody located the error' };
    const steps = first === -1 ? t.steps : t.steps.slice(0, first + 1);
    return { prompt: t.problem.prompt, completions: steps, labels: steps.map((_, i) => i !== first) };
  },
};

const messages: ExportFormat = {
  id: 'trl-sft-messages',
  title: 'TRL SFT, messages',
  extension: '.jsonl',
  line: z.strictObject({ messages: z.array(Message).min(2) }),
  convert: (t) => {
    if (!isGood(t)) return NOT_GOOD;
    return {
      messages: [
        { role: 'user', content: t.problem.prompt },
        { role: 'assistant', content: t.steps.join('\n') },
      ],
    };
  },
};

/** Standard format: TRL puts `completion` right behind `prompt`, so a template that wants a separator adds its own. */
const promptCompletion: ExportFormat = {
  id: 'trl-sft-prompt-completion',
  title: 'TRL SFT, prompt and completion',
  extension: '.jsonl',
  line: z.strictObject({ prompt: z.string().min(1), completion: z.string().min(1) }),
  convert: (t) => (isGood(t) ? { prompt: t.problem.prompt, completion: t.steps.join('\n') } : NOT_GOOD),
};

const preference: ExportFormat = {
  id: 'trl-preference',
  title: 'TRL preference: corrected against original',
  extension: '.jsonl',
  line: z
    .strictObject({ prompt: z.string().min(1), chosen: z.string().min(1), rejected: z.string().min(1) })
    .refine((l) => l.chosen !== l.rejected, 'chosen and rejected differ'),
  convert: (t) => {
    const corrected = correctedSteps(t);
    if (!corrected) return { skip: 'no reviewer corrected a step' };
    const original = t.steps.slice(0, corrected.length);
    if (corrected.join('\n') === original.join('\n')) return { skip: 'the correction changes nothing' };
    return { prompt: t.problem.prompt, chosen: corrected.join('\n'), rejected: original.join('\n') };
  },
};

/** A trace with everything that is known of it: a line of `jsonl`, a row of `parquet`. */
export const TraceLine = z.strictObject({
  id: z.string(),
  task: z.string(),
  model: z.string(),
  source: z.string(),
  prompt: z.string(),
  reference: z.string().nullable(),
  answer: z.string().nullable(),
  outcome: z.enum(['right', 'wrong', 'none', 'unknown']),
  steps: z.array(z.string()),
  /** 0-based; null also where the verdict is `clean`, or `flawed` at an unknown place. */
  first_error: z.number().int().min(0).nullable(),
  verdict: z.enum(['clean', 'flawed']).nullable(),
  category: z.string().nullable(),
  flaw_from: z.string().nullable(),
  tags: z.array(z.string()),
  extra: z.record(z.string(), z.unknown()),
  judgements: z.array(z.unknown()),
  review: z.unknown().nullable(),
});
export type TraceLine = z.infer<typeof TraceLine>;

const traceLine = (t: ExportTrace): TraceLine => ({
  id: t.row.id,
  task: t.row.task,
  model: t.row.model,
  source: t.row.source,
  prompt: t.problem.prompt,
  reference: t.problem.reference,
  answer: t.row.answer,
  outcome: t.row.outcome,
  steps: t.steps,
  first_error: t.row.firstError !== null && t.row.firstError >= 0 ? t.row.firstError : null,
  verdict: t.row.firstError === null ? null : t.row.firstError === -1 ? 'clean' : 'flawed',
  category: t.row.category,
  flaw_from: t.row.flawKind,
  tags: t.row.tags,
  extra: t.extra,
  judgements: t.judgements,
  review: t.review,
});

const jsonl: ExportFormat = {
  id: 'jsonl',
  title: 'JSON Lines, everything',
  extension: '.jsonl',
  line: TraceLine,
  convert: traceLine,
};

/** The same columns as `jsonl`; `steps` and `tags` are lists of text, `extra`, `judgements` and `review` are JSON text. */
const parquet: ExportFormat = {
  id: 'parquet',
  title: 'Parquet, everything',
  extension: '.parquet',
  line: TraceLine,
  convert: traceLine,
};

export const EXPORT_FORMATS: readonly ExportFormat[] = [
  stepwise,
  messages,
  promptCompletion,
  preference,
  jsonl,
  parquet,
];
