import { describe, expect, it } from 'vitest';
import { ActiveClock, IDLE_MS } from './active-clock.ts';
import { commandOf, fieldCommandOf, KEYS } from './keymap.ts';
import { hourly, recentRate, timeLeft } from './rate.ts';

const press = (key: string, mod = false) => ({ key, ctrlKey: mod, metaKey: false, altKey: false });

describe('keys', () => {
  it('gives every printed key exactly one command, none of them when modified', () => {
    const keys = KEYS.flatMap((k) => k.keys);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) {
      expect(commandOf(press(key)), key).not.toBeNull();
      expect(commandOf(press(key, true)), key).toBeNull();
    }
  });

  it('[R10] in a text field only mod+Enter and Esc act', () => {
    expect(fieldCommandOf(press('Enter'))).toBeNull();
    expect(fieldCommandOf(press('x'))).toBeNull();
    expect(fieldCommandOf(press('Enter', true))).toBe('keep');
    expect(fieldCommandOf(press('Escape'))).toBe('leave');
  });
});

describe('time', () => {
  it('[R12] leaves out long pauses', () => {
    const clock = new ActiveClock(0);
    clock.touch(5_000);
    expect(clock.spent(10_000_000)).toBe(5_000 + IDLE_MS);
  });

  it('gives rates from times', () => {
    const minute = 60_000;
    expect(recentRate([0], 10)).toBeNull();
    expect(recentRate([0, minute, 2 * minute], 2 * minute)).toBe(1);
    expect(hourly([60 * minute - 1, 1], 60 * minute, 2)).toEqual([1 / 30, 1 / 30]);
    expect(timeLeft(456, 2.9)).toBe('2 h 37 min left');
  });
});
