import { z } from 'zod';

/** A dotted path into a record: `label.steps`, `choices.0.text`. Own properties only. */
const Path = z.string().min(1).max(200);

/** Where the first wrong step is, how it is counted, and which values mean "clean". */
const FirstError = z.object({
  path: Path,
  base: z.union([z.literal(0), z.literal(1)]).default(0),
  clean: z.array(z.union([z.null(), z.number(), z.string()])).default([null, -1, 'N/A']),
});

const Text = z.union([z.object({ path: Path }), z.object({ constant: z.string().min(1).max(200) })]);

const Steps = z.object({
  path: Path,
  split: z.enum(['array', 'lines', 'blank-lines', 'numbered', 'sentences', 'none']),
});

/** One trace a record, field by field. */
const Fields = z.object({
  reader: z.literal('fields'),
  prompt: Path,
  steps: Steps,
  task: Text,
  model: Text,
  source: z.string().min(1).max(100),
  reference: Path.nullable().default(null),
  answer: Path.nullable().default(null),
  /** Field with true/false or 1/0: whether the answer is right. */
  given: Path.nullable().default(null),
  firstError: FirstError.nullable().default(null),
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
