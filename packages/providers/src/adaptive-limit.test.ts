import { expect, it } from 'vitest';
import { AdaptiveLimit } from './adaptive-limit.ts';

it('[P10] starts at 20, triples a round trip until the maximum', () => {
  const limit = new AdaptiveLimit(256);
  expect(limit.current).toBe(20);
  const sizes: number[] = [];
  while (limit.current < 256) {
    const now = limit.current;
    for (let i = 0; i < now; i++) limit.answered(0, limit.current);
    sizes.push(limit.current);
  }
  expect(sizes).toEqual([60, 180, 256]);
  expect(new AdaptiveLimit(3).current).toBe(3);
});

it('[P10] one cut a burst, to four fifths, held for 15 s, then one more a round trip', () => {
  const limit = new AdaptiveLimit(100);
  for (let i = 0; i < 80; i++) limit.answered(0, limit.current);
  expect(limit.current).toBe(100);
  expect([limit.complain(1_000), limit.complain(1_010), limit.complain(15_999)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(limit.current).toBe(80);
  for (let i = 0; i < 500; i++) limit.answered(15_000, 80);
  expect(limit.current).toBe(80);
  for (let i = 0; i < 81; i++) limit.answered(17_000, 80);
  expect(limit.current).toBe(81);
  expect(limit.complain(17_000)).toBe(true);
});

it('[P10] a first complaint on the way up takes it back to what was borne, a later one to four fifths', () => {
  const limit = new AdaptiveLimit(256);
  expect(limit.complain(0)).toBe(true);
  expect(limit.current).toBe(16);
  const rising = new AdaptiveLimit(256);
  for (let i = 0; i < 80; i++) rising.answered(0, rising.current);
  expect(rising.current).toBe(180);
  rising.complain(0);
  expect(rising.current).toBe(60);
  rising.complain(20_000);
  expect(rising.current).toBe(48);
});

it('[P10] a limit that is not used up does not rise; a lower maximum holds at once', () => {
  const limit = new AdaptiveLimit(100);
  for (let i = 0; i < 100; i++) limit.answered(0, 3);
  expect(limit.current).toBe(20);
  limit.setMax(5);
  expect(limit.current).toBe(5);
});
