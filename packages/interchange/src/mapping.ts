import { z } from 'zod';
import { MOST_PATTERN, patternError } from './answer-pattern.ts';
import { ANSWER_PLACES } from './find-answer.ts';

/** A dotted path into a record: `label.steps`, `choices.0.text`. Own properties only. */
const Path = z.string().min(1).max(200);

/** Where the first wrong step is, how it is counted, and which values mean "clean" (case and blanks do not matter). */
const FirstError = z.object({
  path: Path,
  base: z.union([z.literal(0), z.literal(1)]).default(0),
  clean: z.array(z.union([z.null(), z.number(), z.string()])).default([null, -1, 'N/A', '']),
});

const Text = z.union([z.object({ path: Path }), z.object({ constant: z.string().min(1).max(200) })]);

const Steps = z.object({
  path: Path,
  /** Of steps that are objects: the path of their text within them. */
  text: Path.optional(),
  split: z.enum(['array', 'lines', 'blank-lines', 'numbered', 'sentences', 'none']),
});

/** Labels of the steps: -1, 0, 1, booleans or words. `zero: 'bad'` where 0 is not "neutral" but the opposite of 1. */
const StepLabels = z.object({ path: Path, zero: z.enum(['neutral', 'bad']).optional() });

/** A regular expression in RE2's syntax; `^` and `$` match at lines. */
const Pattern = z
  .string()
  .min(1)
  .max(MOST_PATTERN)
  .superRefine((pattern, context) => {
    const message = patternError(pattern);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const Place = z.union([z.enum(ANSWER_PLACES), z.strictObject({ pattern: Pattern })]);

/** One trace a record, field by field. */
const Fields = z.object({
  reader: z.literal('fields'),
  prompt: Path,
  /** A field whose text, when there is any, stands below the prompt's: Alpaca's `input`. */
  context: Path.optional(),
  steps: Steps,
  task: Text,
  model: Text,
  source: z.string().min(1).max(100),
  reference: Path.nullable().default(null),
  /** Where in the reference's text the answer stands; the text as a whole when it does not stand there. */
  referenceFrom: Place.optional(),
  answer: Path.nullable().default(null),
  /** Where in the answer's text, or without one in the model's whole text, the answer stands. */
  answerFrom: Place.optional(),
  /** Field with true/false, 1/0 or words such as `correct`: whether the answer is right. */
  given: Path.nullable().default(null),
  firstError: FirstError.nullable().default(null),
  stepLabels: StepLabels.optional(),
});

/** Several traces a record: every field whose value is `{ solution, is_correct }`. */
const Gsm8kSolutions = z.object({ reader: z.literal('gsm8k-solutions') });
/** PRM800K's nested completions with ratings. */
const Prm800k = z.object({ reader: z.literal('prm800k') });
/** OpenAI-style `messages`. */
const ChatMessages = z.object({ reader: z.literal('chat-messages'), task: Text, model: Text });

/** How records become traces: the small JSON file that the interface writes and `--map` takes. */
export const Mapping = z.discriminatedUnion('reader', [Fields, Gsm8kSolutions, Prm800k, ChatMessages]);
export type Mapping = z.infer<typeof Mapping>;
export type FieldsMapping = z.infer<typeof Fields>;
