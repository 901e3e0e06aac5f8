import { z } from 'zod';
import { CritiqueConfig } from './critique.ts';
import type { TraceId } from './ids.ts';
import type { Position } from './judgement.ts';
import type { Interval } from './metrics/calibration.ts';
import type { McNemar } from './metrics/mcnemar.ts';
import { ProviderId } from './provider.ts';

/** The templates of a critic that may be rewritten. */
export const ImprovedPart = z.enum(['system', 'user']);
export type ImprovedPart = z.infer<typeof ImprovedPart>;

/** What a run is made from that looks for a better prompt; its gold traces are frozen with it. */
export const ImproveConfig = CritiqueConfig.omit({ repetitions: true }).extend({
  /** The model that writes new prompts. */
  reflection: z.object({ provider: ProviderId, model: z.string().min(1).max(200) }),
  /**
   * Questions that each search may ask in all, of either model. Answers from the cache count, so that a search that goes on
   * after a kill takes the same way again.
   */
  calls: z.number().int().min(20).max(100_000).default(600),
  /** Gold traces of the dev split that every accepted prompt is measured on, at most. */
  dev: z.number().int().min(4).max(1_000).default(60),
  /** Gold traces of the train split that failures are shown from, at most. */
  train: z.number().int().min(3).max(1_000).default(120),
  /** Traces on which a new prompt must beat its parent before it is measured on dev. */
  minibatch: z.number().int().min(1).max(50).default(3),
  /** Also spends as many calls on rewriting without reflection: what luck and choosing the best would have given. */
  baseline: z.boolean().default(true),
  seed: z.number().int().min(0).default(1),
});
export type ImproveConfig = z.infer<typeof ImproveConfig>;

/** A prompt of the pool. */
export interface Candidate {
  /** 0 is the version that the search began with. */
  id: number;
  parent: number | null;
  /** What was rewritten of the parent. */
  part: ImprovedPart | null;
  system: string;
  user: string;
  /** Verdicts on the dev traces, in their order; null: unreadable. */
  verdicts: (Position | null)[];
  accError: number | null;
  accClean: number | null;
  /** ProcessBench F1 on the dev traces; what the best is chosen by. */
  f1: number | null;
  /** Questions that the search had asked when it came in. */
  atCall: number;
}

export type ProposalOutcome = 'accepted' | 'not-better' | 'invalid' | 'no-answer';

/** One attempt at a better prompt. */
export interface Proposal {
  parent: number;
  part: ImprovedPart;
  traces: TraceId[];
  /** Right verdicts on these by the parent and by the new prompt; null where it was not asked. */
  before: number;
  after: number | null;
  outcome: ProposalOutcome;
  /** Why it is invalid, or no prompt came. */
  reason: string | null;
  atCall: number;
}

export interface Search {
  candidates: Candidate[];
  proposals: Proposal[];
  /** Id of the candidate with the highest F1 on dev. */
  best: number;
  calls: number;
}

/** Best against base on dev. The best was chosen on the same traces, so that the figure flatters it. */
export interface Gain {
  n: number;
  difference: number | null;
  interval: Interval;
  mcnemar: McNemar;
  nowRight: number;
  nowWrong: number;
}

export interface ImproveReport {
  dev: { trace: TraceId; gold: Position }[];
  train: number;
  reflect: Search;
  gain: Gain;
  baseline: { search: Search; gain: Gain } | null;
}
