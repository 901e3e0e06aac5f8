import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calcAnnotations } from './calc-annotations.ts';
import { evaluate } from './expression.ts';
import { compareAnswers } from './final-answer.ts';
import { show } from './rational.ts';
import { trace } from './trace.fixture.ts';
import { VERIFIERS } from './verifiers.ts';

/** A random expression with its value as JavaScript computes it: small whole numbers, no division, so doubles are exact. */
const expression: fc.Arbitrary<{ text: string; value: number }> = fc
  .letrec<{ e: { text: string; value: number } }>((tie) => ({
    e: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.integer({ min: 0, max: 99 }).map((value) => ({ text: String(value), value })),
      fc.tuple(tie('e'), fc.constantFrom('+', '-', '*'), tie('e')).map(([a, op, b]) => ({
        text: `(${a.text} ${op} ${b.text})`,
        value: op === '+' ? a.value + b.value : op === '-' ? a.value - b.value : a.value * b.value,
      })),
      tie('e').map((a) => ({ text: `-${a.text}`, value: -a.value })),
    ),
  }))
  .e.filter((e) => Number.isSafeInteger(e.value));

describe('evaluate', () => {
  it('[V3] equals exact arithmetic on random expressions', () => {
    fc.assert(
      fc.property(expression, ({ text, value }) => {
        expect(show(evaluate(text) as never)).toBe(String(value === 0 ? 0 : value));
      }),
    );
  });

  it.each([
    ['2 + 3 * 4', '14'],
    ['3 - -7', '10'],
    ['-2^2', '-4'],
    ['2(3)', '6'],
    ['1,200 × 15%', '180'],
    ['10*(2/3)', '6.6667'],
    ['$3.50 x 2', '7'],
    ['2^10', '1024'],
  ])('[V4] %s is %s', (text, value) => {
    expect(show(evaluate(text) as never)).toBe(value);
  });

  it.each([
    '',
    '1/0',
    'x + 1',
    '2 +',
    '(1',
    '9^9^9^9',
    '1e400',
    '('.repeat(50_000),
    `${'1+'.repeat(5_000)}1`,
  ])('[V5] has no value, and no crash, for %#', (text) => {
    expect(evaluate(text)).toBeNull();
  });
});

describe('final-answer', () => {
  it.each([
    ['1,234', '1234', true],
    ['$18.00', '18', true],
    ['The answer is 18 dollars.', '#### 18', true],
    [String.raw`\boxed{\frac{1}{2}}`, '0.5', true],
    ['1/2', '0.5', true],
    ['-3', '3', false],
    ['18', '18.5', false],
    ['(B)', '(B)', true],
    ['(B) Ulysses', '(B)', true],
    ['(A)', '(B)', false],
    ['] >', '] >', true],
    ['Yes.', 'yes', true],
  ])('[V6] %s against %s: %s', (answer, reference, equal) => {
    expect(compareAnswers(answer, reference).equal).toBe(equal);
  });
});

describe('calc-annotations', () => {
  it('[V7] gives the step, the place and the value that it should have', () => {
    const verdict = calcAnnotations.judge(
      trace(['So 2 * 3 = <<2*3=6>>6', 'and 10 * (2/3) = <<10*(2/3)=8>>8', '<<1+1=3>>']),
    );
    expect(verdict).toMatchObject({
      verdict: 'flawed',
      firstError: 1,
      labels: [1, -1, -1],
      category: 'arithmetic',
    });
    expect(verdict?.evidence[1]).toMatchObject({
      step: 1,
      start: 17,
      end: 31,
      claim: '10*(2/3)=8',
      found: '8',
      expected: '6.667',
      ok: false,
    });
  });

  it('[V8] accepts rounding, cutting off and floating-point output, and does not apply without annotations', () => {
    expect(
      calcAnnotations.judge(trace(['<<2/3=0.67>> <<2/3=0.66>> <<0.1+0.2=0.30000000000000004>>']))?.verdict,
    ).toBe('clean');
    expect(calcAnnotations.judge(trace(['<<2/3=0.68>>']))?.verdict).toBe('flawed');
    expect(calcAnnotations.judge(trace(['2 * 3 = 7']))).toBeNull();
  });
});

it('[V9] no verifier throws, whatever the text is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom(...'<>=1+*/() .,x$%A\n\\'), maxLength: 80 })),
      fc.string(),
      (steps, answer) => {
        for (const v of VERIFIERS) {
          const verdict = v.judge({ ...trace(steps), answer, reference: answer });
          if (verdict) expect(verdict.labels).toHaveLength(steps.length);
        }
      },
    ),
  );
});
