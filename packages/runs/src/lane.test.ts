import { expect, it } from 'vitest';
import { Lane, type Priority } from './lane.ts';

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('[R21] works go one after another, the higher priority first, equal ones as they came', async () => {
  const lane = new Lane();
  const order: string[] = [];
  let at = 0;
  const add = (name: string, priority: Priority | undefined): Promise<void> =>
    lane.add(priority, async () => {
      expect(++at, 'works at one time').toBe(1);
      order.push(name);
      await after(2);
      at--;
    });
  const first = add('first', 'low');
  await after(1);
  await Promise.all([
    first,
    add('low', 'low'),
    add('normal 1', undefined),
    add('high 1', 'high'),
    add('normal 2', 'normal'),
    add('high 2', 'high'),
  ]);
  expect(order).toEqual(['first', 'high 1', 'high 2', 'normal 1', 'normal 2', 'low']);
});

it('[R21] what is added while a work runs has its turn by priority, also before those that wait longer', async () => {
  const lane = new Lane();
  const order: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    order.push(name);
  };
  let late: Promise<void> = Promise.resolve();
  const all = [
    lane.add('normal', async () => {
      order.push('a');
      await after(2);
      late = lane.add('high', work('late'));
    }),
    lane.add('normal', work('b')),
  ];
  await Promise.all(all);
  await late;
  expect(order).toEqual(['a', 'late', 'b']);
});
