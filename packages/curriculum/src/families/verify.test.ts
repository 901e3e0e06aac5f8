import { describe, expect, it } from 'vitest';
import type { Solution, TaskFamily } from '../family.ts';
import { isTrue } from './oracle.fixture.ts';
import { problems } from './problems.fixture.ts';
import { familyOf } from './registry.ts';

const finds = (family: TaskFamily, prompt: string, steps: readonly string[], at: number, why: RegExp) =>
  expect(
    family.verify(prompt, { steps, answer: family.solve(prompt).answer }),
    `${prompt} ${steps.join(';')}`,
  ).toEqual({ firstError: at, answerRight: true, why: expect.stringMatching(why) });

/** Each problem with each of its steps. */
function* stepsOf(id: string, each = 30) {
  for (const one of problems(each, [id])) {
    const solution: Solution = one.family.solve(one.prompt);
    for (const [at, step] of solution.steps.entries())
      yield { ...one, at, step, put: (...into: string[]) => solution.steps.toSpliced(at, 1, ...into) };
  }
}

describe('arithmetic', () => {
  const family = familyOf('arithmetic');

  it('[C5] finds false values, strange operands, other operations, steps that are none', () => {
    for (const { prompt, at, step, put, seed } of stepsOf('arithmetic')) {
      const [, a = '', operation = '', b = '', value = ''] = /^(-?\d+)(.)(-?\d+)=(.+)$/.exec(step) ?? [];
      for (const off of [1, -1, 10, 7 + seed])
        finds(
          family,
          prompt,
          put(`${a}${operation}${b}=${Number(value) + off}`),
          at,
          / is -?\d+, not "-?\d+"\.$/,
        );
      const strange = Number(a) + 5000;
      const made =
        operation === '+'
          ? strange + Number(b)
          : operation === '-'
            ? strange - Number(b)
            : strange * Number(b);
      const wrong = `${strange}${operation}${b}=${made}`;
      expect(isTrue(wrong)).toBe(true);
      finds(family, prompt, put(wrong), at, /is not to be done next in /);
      finds(family, prompt, put(step.replace('=', '= ')), at, /is no step like 3\+4=7\.$/);
      finds(family, prompt, put('so', step), at, /is no step/);
    }
  });

  it('[C5] finds what precedence and brackets forbid', () => {
    finds(family, '2+3*4=', ['2+3=5', '5*4=20'], 0, /^"2\+3" is not to be done next in 2\+3\*4\.$/);
    finds(family, '9-4-3=', ['4-3=1', '9-1=8'], 0, /not to be done next in 9-4-3/);
    finds(family, '9-(4-3)=', ['9-4=5', '5-3=2'], 0, /not to be done next in 9-\(4-3\)/);
    finds(family, '(1+2)*(3+4)=', ['1+2=3', '3*4=12'], 1, /in 3\*\(3\+4\)/);
    finds(family, '8--3=', ['8-3=5'], 0, /not to be done/);
    finds(family, '3-5=', ['5-3=2'], 0, /"5-3" is not to be done/);
    finds(family, '1+2=', ['1+2=3', '1+2=3'], 1, /in 3\.$/);
  });

  it('[C4] takes any order that is allowed, and terms and factors the other way round', () => {
    const right = (prompt: string, ...steps: string[]) =>
      expect(family.verify(prompt, { steps, answer: family.solve(prompt).answer }).why).toBe('');
    right('(1+2)*(3+4)=', '3+4=7', '1+2=3', '3*7=21');
    right('(1+2)*(3+4)=', '4+3=7', '2+1=3', '7*3=21');
    right('(3+4)*2-(3+4)=', '3+4=7', '7*2=14', '3+4=7', '14-7=7');
    right('(3+4)-(3+4)*2=', '3+4=7', '7*2=14', '3+4=7', '7-14=-7');
    right('-5-(-5*2)=', '-5*2=-10', '-5--10=5');
  });

  it('[C6] is quick where many operations are alike', () => {
    const sum = Array.from({ length: 8 }, () => '(1+1)').join('*');
    expect(family.verify(`${sum}=`, { steps: Array(8).fill('1+1=2'), answer: '256' }).firstError).toBe(8);
  });
});

describe.each(['addition', 'multiplication'])('%s', (id) => {
  const family = familyOf(id);

  it('[C5] finds false values, carries and digits, columns left out or done twice', () => {
    for (const { prompt, at, step, put } of stepsOf(id)) {
      const [, a = '', sign = '', b = '', carry = '', value = ''] =
        /^(\d)(.)(\d)\+(\d)=(\d+)$/.exec(step) ?? [];
      const is = (x: number, y: number, c: number) =>
        `${x}${sign}${y}+${c}=${sign === '+' ? x + y + c : x * y + c}`;
      finds(family, prompt, put(`${step.split('=')[0]}=${Number(value) + 1}`), at, / is \d+, not \d+\.$/);
      finds(
        family,
        prompt,
        put(is(Number(a), Number(b), (Number(carry) + 1) % 10)),
        at,
        /^The carry is \d, not \d\.$/,
      );
      const other = [0, 1, 2, 3, 4].find((digit) => String(digit) !== a && String(digit) !== b) ?? 9;
      finds(family, prompt, put(is(other, Number(b), Number(carry))), at, /^Column \d from the right has /);
      finds(family, prompt, put('-', step), at, /is no step like/);
    }
    const done = family.solve(id === 'addition' ? '12+34:' : '12*3:').steps;
    finds(family, id === 'addition' ? '12+34:' : '12*3:', [...done, ...done], 2, /^Every column is done/);
    finds(family, id === 'addition' ? '12+34:' : '12*3:', done.slice(1), 0, /^Column 1 from the right/);
  });

  it('[C4] takes the digits of a column in either order', () => {
    const prompt = id === 'addition' ? '47+85:' : '47*8:';
    const { steps, answer } = family.solve(prompt);
    const turned = steps.map((step) => step.replace(/^(\d)(.)(\d)/, '$3$2$1'));
    expect(turned).not.toEqual(steps);
    expect(family.verify(prompt, { steps: turned, answer }).firstError).toBeNull();
  });
});

describe('dyck', () => {
  const family = familyOf('dyck');

  it('[C5] finds brackets read wrongly and stacks that are too long, too short or of others', () => {
    for (const { prompt, at, step, put } of stepsOf('dyck', 15)) {
      const [read = '', stack = ''] = step.split(':');
      finds(family, prompt, put(`${read}:${stack}(`), at, /^After . \S+ is open, not /);
      if (stack !== '') finds(family, prompt, put(`${read}:${stack.slice(0, -1)}`), at, /^After /);
      if (/[([]/.test(stack))
        finds(family, prompt, put(`${read}:${stack.replace(/[([]/, '<')}`), at, /^After /);
      finds(family, prompt, put(`${read === '{' ? '}' : '{'}:${stack}`), at, /^Bracket \d+ is ., not .\.$/);
      finds(family, prompt, put(`${read}${stack}`), at, /is no step like/);
    }
    finds(family, '(?', ['(:(', '(:(('], 1, /^Every bracket is read/);
  });
});

describe('objects', () => {
  const family = familyOf('objects');

  it('[C5] finds states and swaps that are others, and people who are left out or named twice', () => {
    for (const { prompt, at, step, put } of stepsOf('objects', 15)) {
      const [swap = '', state = ''] = step.split(':');
      const pairs = state.match(/../g) ?? [];
      const [first = '', second = '', ...others] = pairs;
      const exchanged = [first[0], second[1], second[0], first[1], ...others].join('');
      finds(family, prompt, put(`${swap}:${exchanged}`), at, /^After .. . holds ., not .\.$/);
      finds(family, prompt, put(`${swap}:${pairs.slice(1).join('')}`), at, /named once\.$/);
      finds(family, prompt, put(`${swap}:${state}${first}`), at, /named once\.$/);
      finds(
        family,
        prompt,
        put(`${swap.charAt(0)}${swap.charAt(0)}:${state}`),
        at,
        /^Swap \d is .., not ..\.$/,
      );
      finds(family, prompt, put(state), at, /is no step like/);
    }
    finds(family, 'AxBy:AB?A', ['AB:AyBx', 'AB:AxBy'], 1, /^Every swap is done/);
  });

  it('[C4] takes people in any order, in the swap too', () => {
    expect(family.verify('AxByCz:AB?A', { steps: ['BA:CzAyBx'], answer: 'y' }).firstError).toBeNull();
  });
});
