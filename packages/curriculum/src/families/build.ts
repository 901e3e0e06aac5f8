import type { FeatureSpec, Features, Solution, TaskFamily } from '../family.ts';

/** Why a step is wrong, in one sentence. */
export class Wrong {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** What a family is made of: a problem, and a state that the steps of a solution move on. */
export interface FamilyParts<Problem, State> {
  id: string;
  label: string;
  features: readonly FeatureSpec[];
  /** Features are those of the family by now. */
  draw(features: Features, random: () => number): string;
  /** Null where the prompt is none of this family's. */
  read(prompt: string): Problem | null;
  measure(problem: Problem): Features;
  solve(problem: Problem): Solution;
  begin(problem: Problem): State;
  next(state: State, step: string): State | Wrong;
  /** What has to be written before the answer, in one sentence; '' where the answer is due. */
  wanting(state: State): string;
}

/** A step longer than this, in characters, is read no further: no family writes one, and hostile text costs nothing. */
const LONGEST_STEP = 256;

/** Text of a model as it stands in a sentence. */
export const quoted = (text: string): string => `"${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`;

const checkFeatures = (id: string, specs: readonly FeatureSpec[], features: Features): void => {
  for (const { name, values } of specs) {
    const value = features[name];
    if (value === undefined || !values.includes(value))
      throw new RangeError(`${id}: the feature ${name} is ${value}; it can be ${values.join(', ')}.`);
  }
};

export const readProblem = <Problem>(parts: FamilyParts<Problem, unknown>, prompt: string): Problem => {
  const problem = parts.read(prompt);
  if (problem === null) throw new SyntaxError(`${quoted(prompt)} is no prompt of the family ${parts.id}.`);
  return problem;
};

/** The state after the steps that are right, their number, and why the next one is wrong ('' where none is). */
export const walk = <Problem, State>(
  parts: FamilyParts<Problem, State>,
  problem: Problem,
  steps: readonly string[],
): { state: State; right: number; why: string } => {
  let state = parts.begin(problem);
  for (const [right, step] of steps.entries()) {
    const next = step.length > LONGEST_STEP ? new Wrong('The step is too long.') : parts.next(state, step);
    if (next instanceof Wrong) return { state, right, why: next.why };
    state = next;
  }
  return { state, right: steps.length, why: '' };
};

export const buildFamily = <Problem, State>(parts: FamilyParts<Problem, State>): TaskFamily => ({
  id: parts.id,
  label: parts.label,
  features: parts.features,
  generate(features, random) {
    checkFeatures(parts.id, parts.features, features);
    return parts.draw(features, random);
  },
  solve: (prompt) => parts.solve(readProblem(parts, prompt)),
  featuresOf(prompt) {
    const problem = parts.read(prompt);
    return problem === null ? null : parts.measure(problem);
  },
  verify(prompt, solution) {
    const problem = readProblem(parts, prompt);
    const { answer } = parts.solve(problem);
    const answerRight = solution.answer === answer;
    const { state, right, why } = walk(parts, problem, solution.steps);
    if (why !== '') return { firstError: right, answerRight, why };
    const wanting = parts.wanting(state);
    if (wanting !== '') return { firstError: right, answerRight, why: wanting };
    if (answerRight) return { firstError: null, answerRight, why: '' };
    const given = solution.answer === '' ? 'there is none' : `not ${quoted(solution.answer)}`;
    return { firstError: right, answerRight, why: `The answer is ${answer}, ${given}.` };
  },
});
