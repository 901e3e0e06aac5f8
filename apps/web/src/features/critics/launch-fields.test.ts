import { expect, it } from 'vitest';
import { boundedProblem, LAUNCH_FIELDS, launchFieldsOf, launchOf, readPrefill } from './launch-fields.ts';

const field = (name: string) => {
  const found = LAUNCH_FIELDS.find((f) => f.name === name);
  if (!found) throw new Error(name);
  return found;
};

it("[W30] a link's launch fills in what can be read of it", () => {
  const launch = {
    critic: 'first-error',
    version: 2,
    query: 'outcome:wrong',
    repetitions: 99,
    priority: 'high',
    budget: { minutes: 3 },
    concurrency: null,
    __proto__: { model: 'x' },
    other: 1,
  };
  expect(readPrefill(JSON.stringify(launch))).toEqual({
    critic: 'first-error',
    version: 2,
    query: 'outcome:wrong',
    priority: 'high',
    budget: { tokens: null, money: null, minutes: 3 },
    concurrency: null,
  });
  for (const text of [null, '', '{', '[]', '3', 'null']) expect(readPrefill(text)).toBeNull();
});

it('[W31] a number that the server would refuse is said at its field', () => {
  expect(boundedProblem(field('repetitions'), '21')).toBe('20 at most.');
  expect(boundedProblem(field('repetitions'), '0')).toBe('1 at least.');
  expect(boundedProblem(field('tokens'), '1.5')).toBe('A whole number, please.');
  expect(boundedProblem(field('money'), '0')).toBe('More than 0.');
  expect(boundedProblem(field('money'), '0.25')).toBe('');
  expect(boundedProblem(field('minutes'), 'x')).toBe('A number, please.');
  for (const f of LAUNCH_FIELDS) expect(boundedProblem(f, ' ')).toBe('');
});

it('fields give back the launch that they were filled from', () => {
  const budget = { tokens: 1_000, money: 0.5, minutes: null };
  const launch = { repetitions: 2, concurrency: 8, budget };
  expect(launchOf(launchFieldsOf(launch))).toEqual(launch);
  expect(launchOf(launchFieldsOf({}))).toEqual({
    repetitions: 1,
    concurrency: null,
    budget: { tokens: null, money: null, minutes: null },
  });
});
