import { expect, it } from 'vitest';
import { FairTurns } from './fair-turns.ts';

const busy = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

it('[R22] a burst of works leaves room between them for everyone else, in order and with none left out', async () => {
  const turns = new FairTurns();
  const began: number[] = [];
  let others = 0;
  let open = true;
  const other = (): void => {
    others++;
    if (open) setImmediate(other);
  };
  setImmediate(other);
  await Promise.all(
    Array.from({ length: 80 }, async (_, i) => {
      await turns.next();
      began.push(i);
      busy(1);
    }),
  );
  open = false;
  expect(began).toEqual(Array.from({ length: 80 }, (_, i) => i));
  expect(others).toBeGreaterThan(15);
});

it('[R22] whoever asks from within its own turn comes after those who wait', async () => {
  const turns = new FairTurns();
  const order: string[] = [];
  const twice = async (name: string): Promise<void> => {
    for (let round = 1; round <= 2; round++) {
      await turns.next();
      order.push(`${name}${round}`);
    }
  };
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(twice));
  expect(order.join(' ')).toBe('a1 b1 c1 d1 e1 f1 a2 b2 c2 d2 e2 f2');
});
