import { JudgeId } from '@flywheel/domain/ids';
import type { StepLabel } from '@flywheel/domain/judgement';
import { evaluate } from './expression.ts';
import { equal, parseDecimal, type Rational } from './rational.ts';
import type { Verifier } from './verifier.ts';

const MARKS = [
  /\\boxed\{((?:[^{}]|\{[^{}]{0,100}\}){1,200})\}/g,
  /####\s*([^\n]{1,200})/g,
  /(?:^|\n)A:\s*([^\n]{1,200})/g,
  /(?:final )?answer is:?\s*([^\n]{1,200})/gi,
];

/** What stands behind the last answer mark (`\boxed{}`, `#### `, `A: `, "the answer is"), or the whole text. */
export const extractAnswer = (text: string): string => {
  for (const mark of MARKS) {
    const last = [...text.matchAll(mark)].at(-1)?.[1];
    if (last !== undefined) return last.trim().replace(/\.$/, '');
  }
  return text.trim().replace(/\.$/, '');
};

const choiceOf = (text: string): string | null =>
  /^\(?([A-Z])\)(?=[\s.:]|$)|^([A-Z])[.:]?$/.exec(text.trim())?.slice(1).find(Boolean) ?? null;

const FRACTION = /^([+-]?)\s*\\d?frac\{(\d+)\}\{(\d+)\}$/;
const NUMBER_WITH_UNIT =
  /^[^\d+\-.]{0,12}([+-]?\s?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:\s*\/\s*\d[\d,]*)?)\s*(%?)\s*[^\d]{0,60}$/;

/** A numeric answer with commas, currency, a unit, a fraction or a percent sign; null when it is none. Percent keeps its number. */
export const numericAnswer = (text: string): Rational | null => {
  const plain = text.replaceAll('−', '-').replaceAll('$', '').replaceAll('\\', '\\').trim();
  const fraction = FRACTION.exec(plain);
  if (fraction) return evaluate(`${fraction[1]}${fraction[2]}/${fraction[3]}`);
  const match = NUMBER_WITH_UNIT.exec(plain);
  const number = match?.[1]?.replace(/\s/g, '');
  if (!number) return null;
  return number.includes('/')
    ? evaluate(number)
    : (parseDecimal(number)?.value ?? parseDecimal(number.replaceAll(',', ''))?.value ?? null);
};

const normal = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[."'`]+$/g, '')
    .trim();

/** Equal for answers that mean the same: the same choice, the same number, or the same words. */
export const answerKey = (answer: string): string => {
  const given = extractAnswer(answer);
  const number = numericAnswer(given);
  return choiceOf(given) ?? (number ? `${number.n}/${number.d}` : normal(given));
};

/** How an answer was compared, and whether it is the reference. */
export const compareAnswers = (
  answer: string,
  reference: string,
): { by: 'choice' | 'number' | 'text'; equal: boolean } => {
  const given = extractAnswer(answer);
  const wanted = extractAnswer(reference);
  const choice = choiceOf(wanted);
  if (choice) return { by: 'choice', equal: choiceOf(given) === choice };
  const number = numericAnswer(wanted);
  if (number) {
    const found = numericAnswer(given);
    return { by: 'number', equal: found !== null && equal(found, number) };
  }
  return { by: 'text', equal: normal(given) === normal(wanted) };
};

/** Compares the trace's final answer with the reference: as multiple choice, as numbers, else as text. Says nothing of the steps. */
export const finalAnswer: Verifier = {
  id: JudgeId.parse('verifier:final-answer'),
  title: 'Final answer',
  version: '1',
  scope: 'outcome',
  partial: false,
  judge: ({ answer, reference, steps }) => {
    if (reference === null) return null;
    // Without an answer field the last step may still mark one; a trace that gives no answer is not right.
    const found = answer ?? steps.at(-1) ?? '';
    const { by, equal: right } = compareAnswers(found, reference);
    return {
      verdict: right ? 'clean' : 'flawed',
      firstError: null,
      labels: steps.map((): StepLabel | null => null),
      category: null,
      confidence: 1,
      rationale: right
        ? ''
        : answer === null
          ? `No answer that equals the reference ${reference} (compared as ${by}).`
          : `The answer ${answer} is not the reference ${reference} (compared as ${by}).`,
      evidence: [],
    };
  },
};
