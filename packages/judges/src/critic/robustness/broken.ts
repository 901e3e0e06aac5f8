import { answersRight } from './known-flaw.ts';
import type { Perturb } from './perturb.ts';

/** A right answer on broken reasoning: a trace that verifiers know to be flawed, and whose answer is, or is made, right. */
export const broken: Perturb = ({ trace, position, verified }) => {
  if (position === 'clean' || !verified) return null;
  if (answersRight(trace))
    return {
      trace,
      expected: position,
      change: 'its answer is right, though its reasoning is not',
      step: position,
    };
  const last = trace.steps.length - 1;
  const { answer, reference } = trace;
  if (answer === null || reference === null || position >= last) return null;
  const text = trace.steps[last] ?? '';
  const at = text.lastIndexOf(answer);
  const ended =
    at < 0
      ? `${text} The answer is ${reference}.`
      : text.slice(0, at) + reference + text.slice(at + answer.length);
  return {
    trace: { ...trace, steps: [...trace.steps.slice(0, last), ended], answer: reference, given: 'right' },
    expected: position,
    change: `its answer ${answer} was replaced by the right one, ${reference}`,
    step: last,
  };
};
