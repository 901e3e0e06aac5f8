import { seededRandom } from '@flywheel/domain/metrics/random';
import { ProviderLimits } from '@flywheel/domain/provider';
import { describe, expect, it } from 'vitest';
import type { Priority } from './fair-queue.ts';
import { type Clock, Gate, type Pass } from './gate.ts';
import { rejection } from './provider.fixture.ts';

const NEVER = new AbortController().signal;
const limits = (more: Partial<ProviderLimits> = {}): ProviderLimits => ProviderLimits.parse(more);

/** A clock that stands still until it is moved. */
class HandClock implements Clock {
  private time = 1_000;
  private timers: { at: number; act: () => void }[] = [];
  now(): number {
    return this.time;
  }
  after(ms: number, act: () => void): () => void {
    const timer = { at: this.time + ms, act };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((t) => t !== timer);
    };
  }
  async move(ms: number): Promise<void> {
    this.time += ms;
    for (const due of this.timers.filter((t) => t.at <= this.time)) {
      this.timers = this.timers.filter((t) => t !== due);
      due.act();
    }
    await settled();
  }
}
const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

describe('gate', () => {
  const entrance = (caller: string, more: { priority?: Priority; limit?: number; tokens?: number } = {}) => ({
    caller,
    priority: 'normal' as Priority,
    limit: 1_000,
    tokens: 0,
    signal: NEVER,
    ...more,
  });

  it('[P13] turns go by priority, 4 to 2 to 1, and no caller passes its own limit', async () => {
    const gate = new Gate(limits({ concurrency: 1 }), new HandClock());
    const first = await gate.enter(entrance('first'));
    const order: string[] = [];
    for (const priority of ['low', 'high', 'normal'] as const)
      for (let i = 0; i < 40; i++)
        void gate.enter(entrance(priority, { priority })).then(async (pass) => {
          order.push(priority);
          await settled();
          pass.leave('answered');
        });
    first.leave('answered');
    while (order.length < 70) await settled();
    const of = (name: string): number => order.slice(0, 70).filter((o) => o === name).length;
    expect([of('high'), of('normal'), of('low')]).toEqual([40, 20, 10]);
  });

  it('[P13] random comings, goings and aborts never pass a limit, and lose nobody', async () => {
    for (const seed of [1, 2, 3]) {
      const random = seededRandom(seed);
      const below = (n: number): number => Math.floor(random() * n);
      const clock = new HandClock();
      const gate = new Gate(limits({ concurrency: 8 }), clock);
      const own = [3, 5, 100];
      const inside: { caller: number; pass: Pass }[] = [];
      const outcome = { entered: 0, aborted: 0, asked: 0 };
      const controllers: AbortController[] = [];
      const check = (): void => {
        expect(inside.length, `seed ${seed}`).toBeLessThanOrEqual(8);
        for (const [caller, most] of own.entries())
          expect(inside.filter((i) => i.caller === caller).length).toBeLessThanOrEqual(most);
        expect(gate.flight().now).toBe(inside.length);
      };
      for (let i = 0; i < 600; i++) {
        const dice = below(10);
        if (dice < 5) {
          const caller = below(3);
          const controller = new AbortController();
          controllers.push(controller);
          outcome.asked++;
          const priority = (['low', 'normal', 'high'] as const)[below(3)] ?? 'low';
          gate
            .enter({
              ...entrance(`c${caller}`, { priority, limit: own[caller] ?? 0 }),
              signal: controller.signal,
            })
            .then(
              (pass) => {
                outcome.entered++;
                inside.push({ caller, pass });
              },
              () => outcome.aborted++,
            );
        } else if (dice < 8) {
          const [gone] = inside.splice(below(inside.length), 1);
          gone?.pass.leave(
            (['answered', 'answered', 'rate-limited', 'failed', 'none'] as const)[below(5)] ?? 'none',
          );
        } else if (dice < 9) controllers[below(controllers.length)]?.abort(new Error('gone'));
        else await clock.move(below(20_000));
        await settled();
        check();
      }
      for (let i = 0; gate.flight().waiting > 0 && i < 10_000; i++) {
        inside.splice(0).forEach(({ pass }) => pass.leave('answered'));
        await clock.move(1_000);
        check();
      }
      expect(outcome.entered + outcome.aborted, `seed ${seed}`).toBe(outcome.asked);
    }
  });

  it('[P10] [P11] [P12] waits as the server asked, as its limits say, and while it is down', async () => {
    const clock = new HandClock();
    const gate = new Gate(limits({ concurrency: 50, requestsPerMinute: 60 }), clock);
    const passes: Pass[] = [];
    for (let i = 0; i < 8; i++) void gate.enter(entrance('a')).then((pass) => passes.push(pass));
    await settled();
    expect(passes.length).toBe(5);
    passes[0]?.leave('rate-limited', { retryAfterMs: 4_000 });
    await clock.move(3_900);
    expect(passes.length).toBe(5);
    await clock.move(200);
    expect(passes.length).toBe(8);
    for (let i = 0; i < 12; i++) {
      const enter = gate.enter(entrance('b'));
      await clock.move(31_000);
      (await enter).leave('failed');
    }
    expect(gate.flight().breaker).toBe('open');
  });

  it('[P13] who gives up leaves the line', async () => {
    const gate = new Gate(limits({ concurrency: 1 }), new HandClock());
    const first = await gate.enter(entrance('a'));
    const controller = new AbortController();
    const second = rejection(gate.enter({ ...entrance('a'), signal: controller.signal }));
    const third = gate.enter(entrance('a'));
    controller.abort(new Error('no more'));
    expect(await second).toMatchObject({ message: 'no more' });
    first.leave('answered');
    first.leave('answered');
    (await third).leave('answered');
    expect(gate.flight()).toMatchObject({ now: 0, waiting: 0 });
  });
});
