/** What a problem is like, by the names that its family gives, e.g. `{ depth: 3, product: 1 }`. Small whole numbers. */
export type Features = Readonly<Record<string, number>>;

/** One measure of difficulty of a family. */
export interface FeatureSpec {
  name: string;
  /** As people read it, e.g. `operations`. */
  label: string;
  /** Those that slices are made of, rising. */
  values: readonly number[];
}

/** A worked solution: what a model is taught to write. */
export interface Solution {
  steps: readonly string[];
  answer: string;
}

/** What a program found in a solution. */
export interface FamilyVerdict {
  /** 0-based; null where every step is right. Equal to the number of steps where only the answer is wrong, missing or too early. */
  firstError: number | null;
  /** Whether the answer is the problem's. */
  answerRight: boolean;
  /** What is wrong with that step, in one sentence; '' where nothing is. */
  why: string;
}

/**
 * A kind of problem that a program can make, solve and check. Prompts are short texts of `ALPHABET` and say all there is to know:
 * whatever takes a prompt reads it, so that problems of files and of models are treated alike.
 */
export interface TaskFamily {
  /** The task of its traces, e.g. `arithmetic`. */
  id: string;
  label: string;
  features: readonly FeatureSpec[];
  /** A problem with these features. The same random numbers give the same prompt. @throws RangeError that names the feature */
  generate(features: Features, random: () => number): string;
  /** The reference solution. @throws SyntaxError where the prompt is none of this family's */
  solve(prompt: string): Solution;
  /**
   * Checks the steps one by one, each from what stands before it: a solution may go another way than `solve`.
   * @throws SyntaxError as `solve` does; no solution makes it throw
   */
  verify(prompt: string, solution: Solution): FamilyVerdict;
  /** Null where the prompt is none of this family's. */
  featuresOf(prompt: string): Features | null;
}
