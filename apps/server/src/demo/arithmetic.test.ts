import { expect, it } from 'vitest';
import { demoRecords } from './arithmetic.ts';

it('is the same for a seed, and wrong answers only come from slips', () => {
  const records = demoRecords(60, 7);
  expect(records).toEqual(demoRecords(60, 7));
  expect(records).toHaveLength(180);
  const gold = records.filter((r) => r.first_error !== undefined);
  expect(gold.some((r) => (r.first_error ?? -1) >= 0)).toBe(true);
  for (const r of gold) {
    if (r.first_error === -1) expect(r.answer).toBe(r.reference);
    else expect(r.first_error).toBeLessThan(r.steps.length);
  }
});
