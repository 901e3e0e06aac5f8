import { z } from 'zod';
import { CritiqueConfig } from './critique.ts';
import type { TraceId } from './ids.ts';
import type { Position } from './judgement.ts';

/** Ways in which a trace is changed so that a critic that reads its steps is not misled. */
export const Perturbation = z.enum(['planted', 'shuffled', 'broken', 'injected', 'renamed']);
export type Perturbation = z.infer<typeof Perturbation>;

/** What a robustness run is made from; its traces are frozen with it. */
export const RobustnessConfig = CritiqueConfig.omit({ repetitions: true }).extend({
  /** Cases of each class, at most. */
  perClass: z.number().int().min(1).max(200).default(20),
  seed: z.number().int().min(0).default(1),
});
export type RobustnessConfig = z.infer<typeof RobustnessConfig>;

/** A critic's verdict; null: its answer could not be read, or none came. */
export type CaseVerdict = Position | null;

/** A changed trace, what was said of it, and what was said of it unchanged. */
export interface RobustnessCase {
  perturbation: Perturbation;
  trace: TraceId;
  /** For people: what was changed. */
  change: string;
  /** The step that was changed; null where it is the whole. */
  step: number | null;
  prompt: string;
  steps: string[];
  /** Where the first error of the changed trace is, by people or verifiers. */
  expected: Position;
  base: CaseVerdict;
  verdict: CaseVerdict;
  /** Why there is no verdict. */
  unread: string | null;
  rationale: string;
  /** null: the case says nothing, as a verdict is missing, or the unchanged trace was misjudged already. */
  held: boolean | null;
}

export interface RobustnessClass {
  perturbation: Perturbation;
  /** Cases that were asked, and those that count. */
  asked: number;
  n: number;
  held: number;
  /** Share of `n` with its Wilson interval (95 %); null where n is 0. */
  rate: number | null;
  interval: [number, number] | null;
  /** Verdicts at exactly the expected place, of those that count. */
  exact: number;
  /** Answers that could not be read, or never came. */
  unread: number;
}

export interface RobustnessReport {
  classes: RobustnessClass[];
  /** Unchanged traces asked twice: how often the verdict stays by itself. */
  unchanged: { n: number; same: number; rate: number | null; interval: [number, number] | null };
  cases: RobustnessCase[];
}
