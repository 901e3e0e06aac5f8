import type { GoldTrace } from '@flywheel/domain/gold-trace';
import type { ImprovedPart } from '@flywheel/domain/improve';
import type { Position } from '@flywheel/domain/judgement';

/** What a prompt made of one gold trace, for a model to learn from. */
export interface Lesson {
  gold: GoldTrace;
  verdict: Position | null;
  /** The answer's rationale, or why it could not be read. */
  said: string;
}

const HOLES = `The prompt is a Jinja template. Keep its placeholders in double braces and its tags ({{ ... }}, {% ... %}) working: they put the problem and the steps in. Do not use placeholders that it does not have, and do not copy any problem or step below into it.`;

const FENCE = '````';

/** Asks a model for a better prompt, from what the present one did on some traces. GEPA's reflective mutation (arXiv 2507.19457, section 3.2). */
export const reflectionPrompt = (part: ImprovedPart, current: string, lessons: readonly Lesson[]): string =>
  `A model is given a prompt and a solution in numbered steps. It must name the first wrong step (first_error), or say that all are right (null).

This is the ${part} prompt that it has now:
${FENCE}
${current}
${FENCE}

This is what it did with it on some solutions, and what people found:

${lessons.map(lessonText).join('\n\n')}

Write a better ${part} prompt. Find out from the failures which rule the model lacks or follows wrongly, and state that rule so that it holds for other problems, too. Keep what works, and keep the form of the answer that it asks for.
${HOLES}
Give the whole new prompt between two lines of four backticks, and nothing after it.`;

/** Asks for the same prompt in other words: what a search gains without learning from failures. */
export const rewritePrompt = (part: ImprovedPart, current: string): string =>
  `Write this ${part} prompt in other words. Keep what it asks for, and the form of the answer.
${FENCE}
${current}
${FENCE}
${HOLES}
Give the whole new prompt between two lines of four backticks, and nothing after it.`;

const lessonText = ({ gold, verdict, said }: Lesson, i: number): string => {
  const { trace, category, rationale } = gold;
  const right = verdict === gold.gold;
  return `### Solution ${i + 1}
Problem: ${trace.prompt.trim()}
${trace.steps.map((text, s) => `[S${s}] ${text}`).join('\n')}
The model said: ${verdict === null ? 'nothing that could be read' : where(verdict)}. ${said}
People found: ${where(gold.gold)}${category ? ` (${category})` : ''}. ${rationale}
${right ? 'The model was right.' : 'The model was wrong.'}`.trimEnd();
};

const where = (at: Position): string =>
  at === 'clean'
    ? 'all steps are right (first_error null)'
    : at === 'unlocated'
      ? 'an error, its place unknown'
      : `the first error is in S${at} (first_error ${at})`;

/** The prompt that an answer gives: what its first and last fence enclose; null where there is none, or it is empty. */
export const proposedPrompt = (answer: string): string | null => {
  const fences = [...answer.matchAll(/^[ \t]*(`{3,})[^\n`]*$/gm)];
  const [first, last] = [fences[0], fences.at(-1)];
  if (!first || !last || first === last) return null;
  const inside = answer
    .slice(first.index + first[0].length, last.index)
    .replace(/^\n/, '')
    .replace(/\n$/, '');
  return inside.trim() === '' ? null : inside;
};
