import { JudgeId } from '@flywheel/domain/ids';
import type { Evidence } from '@flywheel/domain/judgement';
import { evaluate } from './expression.ts';
import { holds, printedNumber } from './printed-number.ts';
import { format } from './rational.ts';
import { fromEvidence, type Verifier } from './verifier.ts';

const ANNOTATION = /<<([^<>=]{1,500})=([^<>=]{1,100})>>/g;

const check = (step: number, match: RegExpExecArray): Evidence | null => {
  const [whole, expression = '', found = ''] = match;
  const exact = evaluate(expression);
  const claim = printedNumber(found);
  if (!exact || !claim) return null;
  const ok = holds(exact, claim);
  const decimals = Math.max(claim.decimals, exact.d === 1n ? 0 : 3);
  return {
    step,
    start: match.index,
    end: match.index + whole.length,
    claim: whole.slice(2, -2),
    found: found.trim(),
    expected: format(exact, decimals),
    ok,
  };
};

/** GSM8K's calculator annotations `<<expression=value>>` (Cobbe et al. 2021, arXiv 2110.14168), evaluated exactly. */
export const calcAnnotations: Verifier = {
  id: JudgeId.parse('verifier:calc-annotations'),
  title: 'Calculation annotations',
  version: '1',
  scope: 'steps',
  partial: true,
  judge: ({ steps }) => {
    const evidence = steps.flatMap((text, step) =>
      [...text.matchAll(ANNOTATION)].flatMap((m) => check(step, m) ?? []),
    );
    if (evidence.length === 0) return null;
    return fromEvidence(
      steps.length,
      evidence,
      'arithmetic',
      (e) => `[S${e.step}] ${e.claim}: the value is ${e.expected}.`,
    );
  },
};
