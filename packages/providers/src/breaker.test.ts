import { expect, it } from 'vitest';
import { Breaker } from './breaker.ts';

it('[P12] opens after ten failures in a row, lets one call try, and waits longer each time', () => {
  const breaker = new Breaker();
  const fail = (times: number): void => {
    for (let i = 0; i < times; i++) breaker.failed({}, 0);
  };
  fail(9);
  breaker.answered();
  fail(9);
  expect(breaker.state(0)).toBe('closed');
  fail(1);
  expect([breaker.state(0), breaker.wait(0), breaker.state(1_000), breaker.wait(1_000)]).toEqual([
    'open',
    1_000,
    'half-open',
    0,
  ]);
  const probe = {};
  breaker.enter(probe);
  expect(breaker.wait(1_000)).toBe(null);
  breaker.failed(probe, 1_500);
  expect(breaker.wait(1_500)).toBe(2_000);
  for (let i = 0, now = 4_000; i < 10; i++, now += 40_000) {
    breaker.enter(probe);
    breaker.failed(probe, now);
    expect(breaker.wait(now)).toBeLessThanOrEqual(30_000);
  }
  breaker.answered();
  expect(breaker.wait(500_000)).toBe(0);
});

it('[P12] calls from before it opened say nothing about the one that tries', () => {
  const breaker = new Breaker();
  for (let i = 0; i < 10; i++) breaker.failed({}, 0);
  const [probe, older] = [{}, {}];
  breaker.enter(probe);
  breaker.failed(older, 2_000);
  breaker.left(older);
  expect(breaker.wait(2_000)).toBe(null);
  breaker.left(probe);
  expect(breaker.wait(2_000)).toBe(0);
});
