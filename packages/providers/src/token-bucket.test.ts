import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

it('[P11] never gives more than five seconds and the rate allow', () => {
  const random = seededRandom(4);
  const perMinute = 600;
  const bucket = new TokenBucket(perMinute, 0);
  let spent = 0;
  let now = 0;
  for (let i = 0; i < 2_000; i++) {
    now += random() * 100;
    if (bucket.wait(1, now) > 0) continue;
    bucket.spend(1, now);
    spent++;
    expect(spent).toBeLessThanOrEqual(50 + (now / 60_000) * perMinute + 1e-6);
  }
  expect(spent).toBeGreaterThan((now / 60_000) * perMinute * 0.95);
});

it('[P11] a call larger than the bucket goes when it is full, and is paid back', () => {
  const bucket = new TokenBucket(60, 0);
  expect(bucket.wait(50, 0)).toBe(0);
  bucket.spend(50, 0);
  expect(bucket.wait(1, 0)).toBe(46_000);
  bucket.spend(-49, 0);
  expect(bucket.wait(1, 0)).toBe(0);
});
