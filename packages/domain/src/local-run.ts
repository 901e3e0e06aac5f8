import { z } from 'zod';
import { PieceScore, Sampling } from './local-task.ts';
import { Backend, ModelId } from './model.ts';

/** Who does the work of a run of a local model: a thread of the server, or tabs that lease it. */
export const LocalExecutor = z.enum(['worker', 'browser']);
export type LocalExecutor = z.infer<typeof LocalExecutor>;

/** How a problem is put to a model; `{problem}` stands for its text. */
export const PromptFrame = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('chat'), system: z.string().max(20_000), user: z.string().min(1).max(20_000) }),
  z.object({ kind: z.literal('text'), text: z.string().min(1).max(20_000) }),
]);
export type PromptFrame = z.infer<typeof PromptFrame>;

const INSTRUCTION = 'Solve it step by step, one step a line. On the last line write "A: " and the answer.';

/** The frame that is offered first: a conversation where the model takes one, else plain text. */
export const defaultFrame = (chat: boolean): PromptFrame =>
  chat
    ? { kind: 'chat', system: '', user: `{problem}\n\n${INSTRUCTION}` }
    : { kind: 'text', text: 'Problem: {problem}\nSolution:\n' };

const Local = z.object({
  model: ModelId,
  /** Of the model's graphs. */
  precision: z.string().min(1).max(40),
  executor: LocalExecutor,
  frame: PromptFrame,
});

/** How surprised is a model by the steps of traces? */
export const ScoreConfig = Local;
export type ScoreConfig = z.infer<typeof ScoreConfig>;

const Drawing = Local.extend({
  /** Samples of each trace's problem; of each step where steps are labelled. */
  n: z.number().int().min(1).max(64),
  sampling: Sampling,
  maxTokens: z.number().int().min(1).max(8_192),
  stop: z.array(z.string().min(1).max(200)).max(8),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31),
});

/** Where samples begin: anew, or behind the steps of a trace that stand before its flaw, or before a step. */
export const SampleFrom = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start') }),
  z.object({ kind: z.literal('flaw') }),
  z.object({ kind: z.literal('step'), step: z.number().int().min(0) }),
]);
export type SampleFrom = z.infer<typeof SampleFrom>;

/** What does a model say when it is asked again? */
export const SampleConfig = Drawing.extend({ from: SampleFrom });
export type SampleConfig = z.infer<typeof SampleConfig>;

/**
 * From how many of its steps can a trace still be brought to the right answer (Wang et al. 2024, Math-Shepherd,
 * arXiv 2312.08935)? `hard`: a step is good when at least one sample gets there (eq. 3). `soft`: when the share of those
 * that do (eq. 4) is at least `bound`.
 */
export const StepLabelConfig = Drawing.extend({
  estimate: z.enum(['hard', 'soft']),
  bound: z.number().min(0).max(1).default(0.5),
});
export type StepLabelConfig = z.infer<typeof StepLabelConfig>;

/** What a result of a local model was computed on; it is kept with each. */
export const RanOn = z.object({
  backend: Backend,
  precision: z.string().max(40),
  /** Of WebGPU; null elsewhere. */
  adapter: z.string().max(300).nullable(),
});
export type RanOn = z.infer<typeof RanOn>;

/** A model's surprise at a trace's steps. */
export const TraceScore = z.object({
  run: z.number().int(),
  model: ModelId,
  ranOn: RanOn,
  /** Milliseconds since 1970. */
  at: z.number().int(),
  promptTokens: z.number().int(),
  /** One a step; it ends with the step's line break, where another step follows. */
  steps: z.array(PieceScore),
});
export type TraceScore = z.infer<typeof TraceScore>;

/** Mean of a step's tokens' surprisal, in nats a token: what steps of different lengths are compared by. 0 without tokens. */
export const stepSurprise = ({ surprisal }: Pick<PieceScore, 'surprisal'>): number =>
  surprisal.length === 0 ? 0 : surprisal.reduce((sum, s) => sum + s, 0) / surprisal.length;

/** The step that surprised most, and by how much; null without steps. */
export const mostSurprising = (
  steps: readonly Pick<PieceScore, 'surprisal'>[],
): { step: number; surprise: number } | null =>
  steps.reduce<{ step: number; surprise: number } | null>((most, piece, step) => {
    const surprise = stepSurprise(piece);
    return most !== null && most.surprise >= surprise ? most : { step, surprise };
  }, null);

/** How a trace came of another: sampled anew for its problem, or continued from its first steps. */
export interface TraceLink {
  kind: 'sample' | 'fork';
  run: number;
  /** Which sample it is, 0-based. */
  sample: number;
  /** Steps that it has of the other; 0 where it began anew. */
  step: number;
}
