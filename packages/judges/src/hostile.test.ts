import { describe, expect, it } from 'vitest';
import { trace } from './trace.fixture.ts';
import { VERIFIERS } from './verifiers.ts';

const MB = 1_000_000;
const fill = (unit: string, size = MB): string => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);

const SHUFFLE =
  'Alice has a red ball, Bob has a green ball. First, Alice and Bob swap balls. At the end of the game, Alice has the\nOptions:\n(A) red ball.\n(B) green ball.';
const STEPS = ['1 + 1 = 2', '( ; stack: (', 'Alice: red'];

/** Milliseconds for all verifiers, with a prompt of each task. */
const time = (steps: string[], prompts = ['( [ {', SHUFFLE]): number => {
  const began = performance.now();
  for (const prompt of prompts) for (const verifier of VERIFIERS) verifier.judge(trace(steps, { prompt }));
  return performance.now() - began;
};

// Limits are far above what a linear scan takes and far below what a quadratic one would.
describe('[V18] hostile text is judged in bounded time, without an exception', () => {
  const long = '( 1= (1+1)= 7 -'.split(' ');
  it.each(long)('a megabyte of %j in a step', { timeout: 60_000 }, (unit) => {
    expect(time([fill(unit)], ['( [ {'])).toBeLessThan(30_000);
  });

  const more = [
    ') 1+ << 1,111 % . A= 1/ \\frac{1}{'.split(' '),
    ' ',
    '\n',
    'a ',
    '5 a b c ',
    '3 of 3% of ',
  ].flat();
  const words = [
    'stack ',
    'need ',
    'Alice: ',
    'A and ',
    'answer is ',
    'Alice has ',
    'swap',
    '\\',
    '"[" twice ',
  ];
  it.each([...more, ...words])('100,000 characters of %j in a step', { timeout: 20_000 }, (unit) => {
    expect(time([fill(unit, MB / 10)])).toBeLessThan(5_000);
  });

  const prompts = [
    fill('('),
    `${fill('[')}x`,
    fill('Alice has a red ball'),
    fill('First, Alice and Bob swap. '),
  ];
  it.each(prompts.map((p) => [p.slice(0, 20), p]))('a megabyte of %s in the prompt', (_, prompt) => {
    expect(time(STEPS, [prompt])).toBeLessThan(5_000);
  });

  it('10,000 nested brackets, and many steps', { timeout: 60_000 }, () => {
    const deep = '('.repeat(10_000);
    const states = Array.from({ length: 2_000 }, (_, i) => `( ; stack: ${'('.repeat(i + 1)}`);
    expect(time([`${deep}1${')'.repeat(10_000)} = 1`, deep], [deep])).toBeLessThan(5_000);
    expect(time(states, [deep])).toBeLessThan(15_000);
    expect(time(Array(20_000).fill('Alice: red, Bob: green'))).toBeLessThan(15_000);
  });
});
