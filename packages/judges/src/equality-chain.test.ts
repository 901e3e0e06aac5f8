import { describe, expect, it } from 'vitest';
import { equalityChain } from './equality-chain.ts';
import { trace } from './trace.fixture.ts';

const judge = (...steps: string[]) => equalityChain.judge(trace(steps));
const claims = (text: string): [claim: string, expected: string][] =>
  judge(text)?.evidence.flatMap((e): [string, string][] => (e.ok ? [] : [[e.claim, e.expected]])) ?? [];

describe('equality-chain', () => {
  it.each([
    ['So 3 * 4 is 13 apples.', '3 * 4 is 13', '12'],
    ['1. 2 + 2 = 5', '2 + 2 = 5', '4'],
    ['5 apples * $2/apple = $11 each', '5 apples * $2/apple = $11', '10'],
    ['16 eggs/day - 3 eggs/day = 12 eggs/day', '16 eggs/day - 3 eggs/day = 12', '13'],
    ['20% of 50 is 11', '20% of 50 is 11', '10'],
    ['7 times 6 is equal to 43', '7 times 6 is equal to 43', '42'],
    ['a total of 5 × 3 = 16', '5 × 3 = 16', '15'],
    [String.raw`\[ 1{,}200 + 6 = 1{,}205 \]`, String.raw`1{,}200 + 6 = 1{,}205`, '1206'],
    [String.raw`\frac{3}{4} \times 20 = 16`, String.raw`\frac{3}{4} \times 20 = 16`, '15'],
    ['**Total:** $5 x 3 = **$16**', '$5 x 3 = **$16', '15'],
    ['6 + 8 = 14 + 1 = 16', '14 + 1 = 16', '15'],
    ['7 (since 3 + 4 = 8)', '3 + 4 = 8', '7'],
    ['3 * 5 = <<3*5=15>>16', '3 * 5 = <<3*5=15>>16', '15'],
    ['10 / 3 = 3.5', '10 / 3 = 3.5', '3.333'],
  ])('[V12] finds what is false: %s', (text, claim, expected) => {
    expect(claims(text)).toEqual([[claim, expected]]);
  });

  it.each([
    // Rounded, in percent, running totals, shares.
    '10/3 = 3.33 and 20 / 3 ≈ 7 and 2/3 * 9 = 0.67 * 9 = 6.03',
    '50 / 200 * 100 = 25% and 3/5 = 60% and 100 - 20 = 80%',
    '12 - 5 = 7 * 2 = 14',
    '1/4 = 5 slices',
    '17 / 2 = 8 full boxes',
    '50 / 3 = 16 stickers each, with 2 left over',
    // Units that are converted, numbers that words multiply.
    '40 minutes + 20 minutes = 1 hour',
    '$5 + 25 cents = $5.25',
    '2 dozen + 6 = 30',
    '12 months = 1 year',
    // What stands before the expression belongs to it.
    'total - 3 = 5',
    '1 + 2 + ... + 10 = 55',
    'sqrt(16) + 2 = 6',
    '√16 + 2 = 6',
    'twice 5 + 3 = 16',
    '8 packs of 5 bags * $4 = $160',
    'add 20 + 10 to the 29 + 24 already up = 83',
    'Day 1 + Day 2 + 3 = 18',
    // Algebra, other notations.
    'Let x = 3. Then 2x = 7 and x + 1 = 9.',
    '5+(4x-13)=4x-8',
    '3x = 30 => x = 10',
    '27/3/4 = 36',
    '2,5 + 2,5 = 5',
    '0900 - 0130 = 0730',
    '5! = 120',
    '50 - 20% = 40',
  ])('[V13] leaves alone what may be meant otherwise: %s', (text) => {
    expect(claims(text)).toEqual([]);
  });

  it('[V14] keeps what letters stand for, and finds an error where it is made, not where it is carried on', () => {
    const define = 'It is "A - B", where A = (2 - -5 - 8) and B = (3 * 4).';
    expect(
      judge(define, 'A = (2 + 5 - 8) = -1.', 'B = (3 * 4) = 12.', 'A - B = -1 - 12 = -13')?.verdict,
    ).toBe('clean');
    // Carried on: `15 - 12` is what the steps before say.
    expect(judge(define, 'A = (2 - -5 - 8) = 15.', 'B = (3 * 4) = 12.', 'A - B = 15 - 12 = 3')).toMatchObject(
      {
        firstError: 1,
        labels: [null, -1, 1, 1],
        category: 'sign',
      },
    );
    expect(judge(define, 'A = (2 - 5 - 8) = -11.')).toMatchObject({ firstError: 1, category: 'operand' });
    expect(judge(define, 'A = (2 + 5 - 8) = -1.', 'B = 12', 'A - B = -1 - 13 = -14')).toMatchObject({
      firstError: 3,
      category: 'operand',
    });
  });

  it('[V14] where the problem is an expression, letters keep their meaning and the answer is what was calculated', () => {
    const strict = (...steps: string[]) =>
      equalityChain.judge(trace(steps, { prompt: '((1 + 2) * (3 + 4)) =' }));
    const steps = ['It is "A * B", where A = (1 + 2), B = (3 + 4).', 'A = (1 + 2) = 3.', 'B = (3 + 4) = 7.'];
    expect(strict(...steps, 'A * B = 3 * 7 = 21. So the answer is 21')?.verdict).toBe('clean');
    expect(strict(...steps, 'A * B = 3 * 7 = 21. So the answer is -21')).toMatchObject({ firstError: 3 });
    expect(strict(...steps, 'With A = 4, A * B = 4 * 7 = 28')).toMatchObject({
      firstError: 3,
      category: 'operand',
    });
    expect(judge('A = 5 + 1 = 6', 'A = 7')?.verdict).toBe('clean');
  });

  it('[V14] reads on over line breaks and steps that begin with an equals sign, and through unpaired parentheses', () => {
    expect(judge('3 * 4 + 5', '= 12 + 5', '= 16')).toMatchObject({ firstError: 2 });
    expect(judge('A = ((2 * 3) + 1)) = (6 + 1) = 8')).toMatchObject({
      evidence: [{ ok: true }, { ok: false, claim: '(6 + 1) = 8' }],
    });
  });

  it('[V7] evidence quotes the text at its place', () => {
    const text = 'First, 5 apples + 3 apples = 9 apples (wrong).';
    const evidence = judge(text)?.evidence[0];
    expect(evidence).toMatchObject({ start: 7, end: 30, found: '9', expected: '8', ok: false });
    expect(text.slice(evidence?.start, evidence?.end)).toBe(evidence?.claim);
  });

  it('does not apply to a text without a claim', () => {
    expect(judge('There are 5 apples.', 'So the answer is 5')).toBeNull();
  });
});
