import { expect, it } from 'vitest';
import { AdaptiveLimit } from './adaptive-limit.ts';

it('[P10] starts at 20, doubles a round trip until the maximum', () => {
  const limit = new AdaptiveLimit(256);
  expect(limit.current).toBe(20);
  const sizes: number[] = [];
  while (limit.current < 256) {
    const now = limit.current;
    for (let i = 0; i < now; i++) limit.answered(0, limit.current);
    sizes.push(limit.current);
  }
  expect(sizes).toEqual([40, 80, 160, 256]);
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

it('[P10] a limit that is not used up does not rise; a lower maximum holds at once', () => {
  const limit = new AdaptiveLimit(100);
  for (let i = 0; i < 100; i++) limit.answered(0, 3);
  expect(limit.current).toBe(20);
  limit.setMax(5);
  expect(limit.current).toBe(5);
});
