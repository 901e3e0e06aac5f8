import type { Category } from '@flywheel/domain/category';
import type { TraceText } from '@flywheel/domain/trace';

/** A worked example from gold. `firstError` null: clean. */
export interface Example {
  prompt: string;
  steps: string[];
  answer: string | null;
  firstError: number | null;
  category: Category | null;
  rationale: string;
}

/** What a template may show. Names are those of the templates. */
export interface CriticContext {
  problem: { prompt: string; task: string };
  trace: { id: string; model: string; answer: string | null; text: string };
  steps: { index: number; text: string }[];
  /** Absent where the problem has no reference answer. */
  reference?: { answer: string };
  examples: {
    problem: string;
    steps: { index: number; text: string }[];
    trace: string;
    answer: string | null;
    first_error: number | null;
    category: Category | null;
    rationale: string;
  }[];
}

const numbered = (steps: readonly string[]): { index: number; text: string }[] =>
  steps.map((text, index) => ({ index, text }));

/** Steps as one text, each with its name: `[S0] ...`. */
const named = (steps: readonly string[]): string =>
  steps.map((text, index) => `[S${index}] ${text}`).join('\n');

/** What the templates see of a trace. */
export const criticContext = (trace: TraceText, examples: readonly Example[]): CriticContext => ({
  problem: { prompt: trace.prompt, task: trace.task },
  trace: { id: trace.id, model: trace.model, answer: trace.answer, text: named(trace.steps) },
  steps: numbered(trace.steps),
  ...(trace.reference === null ? {} : { reference: { answer: trace.reference } }),
  examples: examples.map((e) => ({
    problem: e.prompt,
    steps: numbered(e.steps),
    trace: named(e.steps),
    answer: e.answer,
    first_error: e.firstError,
    category: e.category,
    rationale: e.rationale,
  })),
});
