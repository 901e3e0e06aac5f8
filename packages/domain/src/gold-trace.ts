import type { Category } from './category.ts';
import type { ProblemId } from './ids.ts';
import type { Position } from './judgement.ts';
import type { TraceText } from './trace.ts';

/** A trace of which people (or its file's own label) said where the first error is: the newest such verdict. */
export interface GoldTrace {
  trace: TraceText;
  problem: ProblemId;
  gold: Position;
  category: Category | null;
  rationale: string;
}
