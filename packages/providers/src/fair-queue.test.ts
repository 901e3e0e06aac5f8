import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { FairQueue, type Priority, type Waiter } from './fair-queue.ts';

interface Numbered extends Waiter {
  number: number;
}
const WEIGHT = { high: 4, normal: 2, low: 1 };
const next = (queue: FairQueue<Numbered>): Numbered | null => {
  const waiter = queue.peek();
  if (waiter) queue.take(waiter);
  return waiter;
};

/** The same rule, worked out anew at every turn from the list of all that happened. */
class Oracle {
  readonly waiting: Numbered[] = [];
  private readonly inFlight = new Map<string, number>();
  private readonly pass = new Map<string, number>();
  private clock = 0;

  add(waiter: Numbered): void {
    const idle = !this.waiting.some((w) => w.caller === waiter.caller);
    const known = this.pass.get(waiter.caller) ?? this.clock;
    if (idle) this.pass.set(waiter.caller, Math.max(known, this.clock));
    this.waiting.push(waiter);
  }
  remove(waiter: Numbered): void {
    this.waiting.splice(this.waiting.indexOf(waiter), 1);
    this.forget(waiter.caller);
  }
  next(): Numbered | null {
    const firsts = [...new Set(this.waiting.map((w) => w.caller))]
      .map((caller) => this.waiting.find((w) => w.caller === caller) as Numbered)
      .filter((w) => (this.inFlight.get(w.caller) ?? 0) < w.limit);
    const least = Math.min(...firsts.map((w) => this.pass.get(w.caller) ?? 0));
    const chosen = firsts.find((w) => this.pass.get(w.caller) === least);
    return chosen ?? null;
  }
  least(waiter: Numbered): boolean {
    const chosen = this.next();
    return chosen !== null && this.pass.get(waiter.caller) === this.pass.get(chosen.caller);
  }
  take(waiter: Numbered): void {
    const pass = this.pass.get(waiter.caller) ?? 0;
    this.waiting.splice(this.waiting.indexOf(waiter), 1);
    this.clock = pass;
    this.pass.set(waiter.caller, pass + 1 / WEIGHT[waiter.priority]);
    this.inFlight.set(waiter.caller, (this.inFlight.get(waiter.caller) ?? 0) + 1);
  }
  done(caller: string): void {
    this.inFlight.set(caller, (this.inFlight.get(caller) ?? 0) - 1);
    this.forget(caller);
  }
  private forget(caller: string): void {
    if (!this.inFlight.get(caller) && !this.waiting.some((w) => w.caller === caller))
      this.pass.delete(caller);
  }
}

it.each([11, 12, 13, 14])(
  '[P13] random turns are those of the rule worked out from scratch, seed %i',
  (seed) => {
    const random = seededRandom(seed);
    const below = (n: number): number => Math.floor(random() * n);
    const queue = new FairQueue<Numbered>();
    const oracle = new Oracle();
    const inside: Numbered[] = [];
    for (let number = 0; number < 3_000; number++) {
      const dice = below(10);
      if (dice < 4) {
        const caller = below(4);
        const priority = (['low', 'normal', 'high', 'normal'] as const)[caller] as Priority;
        const waiter = { number, caller: `c${caller}`, priority, limit: 2 + caller * 3 };
        queue.add(waiter);
        oracle.add(waiter);
      } else if (dice < 7) {
        const chosen = queue.peek();
        expect(chosen === null).toBe(oracle.next() === null);
        if (!chosen) continue;
        // Of callers that are level, any may go; within a caller, the first that came.
        expect(oracle.least(chosen)).toBe(true);
        expect(chosen).toBe(oracle.waiting.find((w) => w.caller === chosen.caller));
        queue.take(chosen);
        oracle.take(chosen);
        inside.push(chosen);
      } else if (dice < 9 && inside.length > 0) {
        const [gone] = inside.splice(below(inside.length), 1);
        queue.done(gone?.caller ?? '');
        oracle.done(gone?.caller ?? '');
      } else if (oracle.waiting.length > 0) {
        const gone = oracle.waiting[below(oracle.waiting.length)] as Numbered;
        queue.remove(gone);
        oracle.remove(gone);
      }
      expect(queue.waiting).toBe(oracle.waiting.length);
    }
  },
);

it('[P13] a caller that was away has saved up nothing, and one that is busy is not starved', () => {
  const queue = new FairQueue<Numbered>();
  const add = (caller: string, times: number): void => {
    for (let number = 0; number < times; number++)
      queue.add({ number, caller, priority: 'normal', limit: 999 });
  };
  add('early', 300);
  for (let i = 0; i < 200; i++) next(queue);
  add('late', 50);
  const turns = Array.from({ length: 40 }, () => next(queue)?.caller);
  expect(turns.filter((c) => c === 'late').length).toBe(20);
});

it('[P13] a caller that asks with other limits has them hold for its calls that wait already', () => {
  const queue = new FairQueue<Numbered>();
  const call = (number: number, limit: number): Numbered => ({
    number,
    caller: 'a',
    priority: 'normal',
    limit,
  });
  for (let n = 0; n < 6; n++) queue.add(call(n, 2));
  expect([next(queue), next(queue), next(queue)].map((w) => w?.number)).toEqual([0, 1, undefined]);
  queue.add(call(6, 4));
  expect([next(queue), next(queue), next(queue)].map((w) => w?.number)).toEqual([2, 3, undefined]);
  queue.add(call(7, 1));
  for (let n = 0; n < 3; n++) queue.done('a');
  expect(next(queue)).toBeNull();
  queue.done('a');
  expect(next(queue)?.number).toBe(4);
});
