import { readProblem } from '../build.ts';
import { drawInt, drawOne } from '../draw.ts';
import { type Planter, skipStep } from '../plant.ts';
import { afterBracket, CLOSING, closeAll, dyckParts, writeBracket } from './dyck.ts';

const OPENING = Object.keys(CLOSING);
const ALL = [...OPENING, ...Object.values(CLOSING)];

const otherOf = (from: readonly string[], not: string, random: () => number): string =>
  drawOne(
    random,
    from.filter((one) => one !== not),
  );

/** The step as it is written, and the stack in it: what follows goes on from that. */
const slip = (
  category: string,
  bracket: string,
  before: string,
  random: () => number,
): { read: string; stack: string } | null => {
  const after = afterBracket(before, bracket);
  if (category === 'operand') {
    if (after === '') return null;
    const at = drawInt(random, 0, after.length - 1);
    return {
      read: bracket,
      stack: after.slice(0, at) + otherOf(OPENING, after.charAt(at), random) + after.slice(at + 1),
    };
  }
  if (category === 'operation')
    return { read: bracket, stack: bracket in CLOSING ? before.slice(0, -1) : before };
  if (category !== 'misread') return null;
  const read = otherOf(ALL, bracket, random);
  return { read, stack: afterBracket(before, read) };
};

export const dyckPlanter: Planter = {
  categories: ['operand', 'operation', 'misread', 'skipped'],
  plant(prompt, solution, at, category, random) {
    if (category === 'skipped') return skipStep(solution, at);
    let stack = '';
    const steps: string[] = [];
    for (const [index, bracket] of [...readProblem(dyckParts, prompt)].entries()) {
      const right = { read: bracket, stack: afterBracket(stack, bracket) };
      const written = index === at ? slip(category, bracket, stack, random) : right;
      if (written === null) return null;
      stack = written.stack;
      steps.push(writeBracket(written.read, stack));
    }
    return { steps, answer: closeAll(stack) };
  },
};
