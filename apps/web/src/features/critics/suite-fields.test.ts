import { ImproveConfig } from '@flywheel/domain/improve';
import { expect, it } from 'vitest';
import { readSuite } from './suite-fields.ts';

const REST = {
  critic: 'a',
  version: 1,
  provider: 'p',
  model: 'm',
  reflection: { provider: 'p', model: 'm' },
};

it('empty fields are the defaults, others numbers, those of the budget in their place', () => {
  const { launch, problems } = readSuite(ImproveConfig, REST, { calls: '200', dev: ' ', minutes: '1.5' });
  expect(problems).toEqual({});
  expect(launch).toMatchObject({ calls: 200, dev: 60, budget: { minutes: 1.5, tokens: null } });
});

it('what cannot be taken is said under its field, and nothing is launched', () => {
  const { launch, problems } = readSuite(ImproveConfig, REST, { calls: '3', dev: 'x', tokens: '0' });
  expect(launch).toBeNull();
  expect(Object.keys(problems).toSorted()).toEqual(['calls', 'dev', 'tokens']);
});
