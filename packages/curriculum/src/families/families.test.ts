import { seededRandom } from '@flywheel/domain/metrics/random';
import { describe, expect, it } from 'vitest';
import { slicesOf } from '../slice.ts';
import { ALPHABET, readSolution, writePrompt, writeSolution } from '../written.ts';
import { isTrue, ORACLES } from './oracle.fixture.ts';
import { problems } from './problems.fixture.ts';
import { FAMILIES, familyOf } from './registry.ts';

describe('every family', () => {
  it('[C1] makes problems with exactly the features asked for', () => {
    for (const { family, slice, prompt, seed } of problems(60)) {
      expect(family.featuresOf(prompt), `${slice.key} ${prompt}`).toEqual(slice.features);
      expect(family.generate(slice.features, seededRandom(seed))).toBe(prompt);
    }
  });

  it('[C1] makes many different problems of a slice', () => {
    for (const family of FAMILIES)
      for (const { key, features } of slicesOf(family)) {
        const random = seededRandom(5);
        const all = new Set(Array.from({ length: 500 }, () => family.generate(features, random)));
        expect(all.size, key).toBeGreaterThanOrEqual(key === 'multiplication digits=1' ? 70 : 240);
      }
  });

  it('[C1] refuses a feature that is missing or out of range, by name', () => {
    for (const family of FAMILIES)
      for (const { name } of family.features) {
        const features = slicesOf(family)[0]?.features ?? {};
        for (const value of [99, 0.5, Number.NaN, undefined])
          expect(() =>
            family.generate({ ...features, [name]: value } as Record<string, number>, seededRandom(1)),
          ).toThrow(new RegExp(`${family.id}: the feature ${name} is ${value}`));
      }
    expect(() => familyOf('poetry')).toThrow(/no task family poetry; there are arithmetic/);
  });

  it('[C2] writes in the alphabet, and what it writes is read back', () => {
    for (const { family, prompt } of problems(40)) {
      const solution = family.solve(prompt);
      const text = writePrompt(prompt) + writeSolution(solution);
      expect([...text].filter((letter) => !ALPHABET.includes(letter))).toEqual([]);
      expect(readSolution(writeSolution(solution))).toEqual(solution);
      expect(FAMILIES.filter((other) => other.featuresOf(prompt) !== null)).toEqual([family]);
    }
  });

  it('[C3] solves as the oracle does, and finds nothing wrong in that', () => {
    for (const { family, prompt } of problems(80)) {
      const solution = family.solve(prompt);
      expect(solution.answer, prompt).toBe(ORACLES[family.id]?.(prompt));
      expect(family.verify(prompt, solution)).toEqual({ firstError: null, answerRight: true, why: '' });
      if (family.id !== 'dyck' && family.id !== 'objects')
        expect(solution.steps.filter((step) => !isTrue(step))).toEqual([]);
    }
  });

  it('[C7] an answer that is wrong, missing or too early is an error after the last step', () => {
    for (const { family, prompt } of problems(5)) {
      const solution = family.solve(prompt);
      const { length } = solution.steps;
      for (const answer of ['', `${solution.answer}1`, 'x y'])
        expect(family.verify(prompt, { ...solution, answer })).toMatchObject({
          firstError: length,
          answerRight: false,
          why: expect.stringMatching(/^The answer is .+\.$/),
        });
      expect(family.verify(prompt, { ...solution, steps: solution.steps.slice(0, -1) })).toEqual({
        firstError: length - 1,
        answerRight: true,
        why: expect.stringMatching(/left to be (done|read) before the answer\.$/),
      });
    }
  });

  it('[C6] no text of a model makes verify throw', () => {
    const random = seededRandom(11);
    const letters = [...ALPHABET, '\u0000', '\u{1f600}', 'é', '\\'];
    const noise = () =>
      Array.from(
        { length: Math.floor(random() * 30) },
        () => letters[Math.floor(random() * letters.length)],
      ).join('');
    for (const { family, prompt } of problems(20)) {
      const solution = family.solve(prompt);
      const written = writeSolution(solution);
      const cut = Math.floor(random() * written.length);
      for (const text of [
        noise(),
        written.slice(0, cut) + noise(),
        written.slice(0, cut) + written.slice(cut + 1),
      ]) {
        const read = readSolution(text);
        const { firstError, why } = family.verify(prompt, read);
        if (firstError === null) expect(why).toBe('');
        else {
          expect(firstError).toBeLessThanOrEqual(read.steps.length);
          expect(why).toMatch(/^\S.*\.$/s);
        }
      }
      for (const step of ['9'.repeat(2_000_000), '('.repeat(2_000_000), `${'9'.repeat(250)}*9=1`, ''])
        expect(family.verify(prompt, { steps: [step], answer: step }).firstError).toBe(0);
    }
  });

  it('[C6] a prompt of no family has no features, and cannot be solved', () => {
    const random = seededRandom(12);
    const letters = [...'0123456789+-*()=:?[]{}<>ABab,'];
    const texts = [
      '',
      '=',
      '?',
      ':',
      '7=',
      '3++4=',
      '(3+4=',
      '3+4)=',
      '-(3+4)=',
      '()?',
      '(]?',
      '0+1:',
      '12*0:',
    ];
    texts.push(
      'Ax:AA?A',
      'AxBx:AB?A',
      'AxAy:AB?A',
      'AxBy:AC?A',
      'AxBy:AB?C',
      `${'('.repeat(1e6)}=`,
      `${'1+'.repeat(17)}1=`,
    );
    for (const text of texts)
      for (const family of FAMILIES) {
        expect(family.featuresOf(text), text).toBeNull();
        expect(() => family.solve(text)).toThrow(SyntaxError);
        expect(() => family.verify(text, { steps: [], answer: '' })).toThrow(/is no prompt of the family/);
      }
    for (let n = 0; n < 5000; n++) {
      const text = Array.from(
        { length: 1 + (n % 9) },
        () => letters[Math.floor(random() * letters.length)],
      ).join('');
      for (const family of FAMILIES)
        if (family.featuresOf(text) === null) expect(() => family.solve(text)).toThrow(SyntaxError);
    }
  });
});
