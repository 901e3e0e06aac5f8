import { Budget } from '@flywheel/domain/critique';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { BudgetMeter, BudgetSpent } from './budget-meter.ts';
import { rejection } from './provider.fixture.ts';

const NEVER = new AbortController().signal;
const settled = async (): Promise<void> => {
  for (let i = 0; i < 6; i++) await Promise.resolve();
};

it.each([21, 22, 23])(
  '[P25] random calls never use more than the budget, and none waits for ever, seed %i',
  async (seed) => {
    const random = seededRandom(seed);
    const below = (n: number): number => Math.floor(random() * n);
    const budget = Budget.parse({ tokens: 20_000, money: 0.05 });
    const meter = new BudgetMeter(() => budget, { tokens: 500, cost: 0.001 });
    const inHand: { most: number; settle: (actual: { tokens: number; cost: number } | null) => void }[] = [];
    const count = { asked: 0, refused: 0, given: 0 };
    let tokens = 500;
    let cost = 0.001;
    for (let i = 0; i < 2_000; i++) {
      if (below(3) > 0) {
        const most = 1 + below(600);
        count.asked++;
        meter.reserve({ tokens: most, cost: most * 2e-6 }, NEVER).then(
          (settle) => {
            count.given++;
            inHand.push({ most, settle });
          },
          (error) => {
            count.refused++;
            expect(error).toBeInstanceOf(BudgetSpent);
          },
        );
      } else {
        const [call] = inHand.splice(below(inHand.length), 1);
        const used = call && below(5) > 0 ? below(call.most + 1) : null;
        tokens += used ?? 0;
        cost += (used ?? 0) * 2e-6;
        call?.settle(used === null ? null : { tokens: used, cost: used * 2e-6 });
      }
      await settled();
      const aside = inHand.reduce((n, { most }) => n + most, 0);
      expect(tokens + aside).toBeLessThanOrEqual(20_000);
    }
    while (inHand.length > 0) {
      for (const { most, settle } of inHand.splice(0)) {
        tokens += most;
        cost += most * 2e-6;
        settle({ tokens: most, cost: most * 2e-6 });
      }
      await settled();
    }
    expect(tokens).toBeLessThanOrEqual(20_000);
    expect(cost).toBeLessThanOrEqual(0.05 + 1e-9);
    // The last call in hand may leave less than a further one asks for, and no more.
    expect(tokens).toBeGreaterThan(20_000 - 700);
    expect(count.given + count.refused).toBe(count.asked);
    expect(count.refused).toBeGreaterThan(0);
  },
);

it('[P25] a call that does not fit waits for what is in hand; it leaves when it is aborted', async () => {
  const meter = new BudgetMeter(() => Budget.parse({ tokens: 100 }), { tokens: 0, cost: null });
  const first = await meter.reserve({ tokens: 80, cost: null }, NEVER);
  const gone = new AbortController();
  const left = rejection(meter.reserve({ tokens: 50, cost: null }, gone.signal));
  let second: unknown = null;
  const waits = meter.reserve({ tokens: 50, cost: null }, NEVER).then((settle) => {
    second = settle;
  });
  await settled();
  expect(second).toBe(null);
  gone.abort(new Error('gone'));
  expect(await left).toMatchObject({ message: 'gone' });
  first({ tokens: 30, cost: null });
  await waits;
  expect(second).not.toBe(null);
  expect(await rejection(meter.reserve({ tokens: 101, cost: null }, NEVER))).toBeInstanceOf(BudgetSpent);
});
