import { seededRandom } from '@flywheel/domain/metrics/random';
import { describe, expect, it } from 'vitest';
import { injectable, injectError } from './inject.ts';
import { isTrue, ORACLES } from './oracle.fixture.ts';
import { problems } from './problems.fixture.ts';
import { FAMILIES } from './registry.ts';

const injected = (each: number, ids?: readonly string[]) =>
  problems(each, ids).map((one) => {
    const right = one.family.solve(one.prompt);
    return { ...one, right, ...injectError(one.family, one.prompt, right, one.random) };
  });

/** The problem that is left after a step, as a prompt of the family. */
const laterPrompt: Readonly<Record<string, (prompt: string, step: string, index: number) => string>> = {
  dyck: (prompt, step, index) => `${step.split(':')[1]}${prompt.slice(index + 1)}`,
  objects: (prompt, step, index) => {
    const [, swaps = '', asked = ''] = prompt.split(/[:?]/);
    return `${step.split(':')[1]}:${swaps
      .split(',')
      .slice(index + 1)
      .join()}?${asked}`;
  },
};

describe('injectError', () => {
  it('[C8] verify finds exactly the index told; what stands before it is as it was', () => {
    for (const { family, prompt, right, solution, index, category } of injected(40)) {
      expect(family.verify(prompt, solution).firstError, `${prompt} ${category}`).toBe(index);
      expect(solution.steps.slice(0, index)).toEqual(right.steps.slice(0, index));
      expect(solution.steps[index]).not.toBe(right.steps[index]);
      expect(solution.steps.length).toBe(right.steps.length - (category === 'skipped' ? 1 : 0));
    }
  });

  it('[C8] every kind of error comes, and every place', () => {
    for (const family of FAMILIES) {
      const all = injected(40, [family.id]);
      expect(new Set(all.map(({ category }) => category))).toEqual(new Set(injectable(family)));
      const longest = Math.max(...all.map(({ right }) => right.steps.length));
      expect(new Set(all.map(({ index }) => index)).size).toBe(longest);
    }
  });

  it('[C8] in numbers slips are false equations, other kinds true ones; all that follows is true and leads to the answer', () => {
    for (const { family, solution, index, category } of injected(60, [
      'arithmetic',
      'addition',
      'multiplication',
    ])) {
      const slip = category === 'arithmetic' || category === 'sign';
      const text = `${family.id} ${category} ${index} ${solution.steps.join(';')}`;
      expect(
        solution.steps.map((step) => isTrue(step)),
        text,
      ).toEqual(solution.steps.map((_, at) => !(slip && at === index)));
      if (category === 'skipped') continue;
      const values = solution.steps.map((step) => step.split('=')[1] ?? '');
      const answer =
        family.id === 'arithmetic'
          ? values.at(-1)
          : values
              .map((value, at) => (at === values.length - 1 ? value : value.slice(-1)))
              .reverse()
              .join('');
      expect(solution.answer, text).toBe(answer);
    }
  });

  it('[C8] with brackets and swaps the answer is that of what is left after the wrong step', () => {
    let checked = 0;
    for (const { family, prompt, solution, index, category } of injected(30, ['dyck', 'objects'])) {
      if (category === 'skipped' || category === 'contradiction') continue;
      const left = laterPrompt[family.id]?.(prompt, solution.steps[index] ?? '', index) ?? '';
      if (family.id === 'objects' && index === solution.steps.length - 1)
        expect(left).toContain(`${left.at(-1)}${solution.answer}`);
      else if (family.featuresOf(left) !== null)
        expect(solution.answer, `${prompt} ${left}`).toBe(ORACLES[family.id]?.(left));
      else continue;
      checked++;
    }
    expect(checked).toBeGreaterThan(300);
  });

  it('[C8] a solution in another order keeps its order; a wrong one is refused', () => {
    const arithmetic = FAMILIES[0] as (typeof FAMILIES)[number];
    const other = { steps: ['4+3=7', '1+2=3', '3*7=21'], answer: '21' };
    for (let seed = 0; seed < 200; seed++) {
      const { solution, index } = injectError(arithmetic, '(1+2)*(3+4)=', other, seededRandom(seed));
      expect(solution.steps.slice(0, index)).toEqual(other.steps.slice(0, index));
      if (index === 0) expect(solution.steps[0]).not.toMatch(/^1\+2=/);
    }
    expect(() => injectError(arithmetic, '1+2=', { steps: ['1+2=4'], answer: '4' }, seededRandom(1))).toThrow(
      /right solution only: 1\+2 is 3/,
    );
  });
});
