import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, test } from 'vitest';
import { detailOf } from './detail.ts';

test('[I33] rank, entropy and alternatives of a token are those of the sorted distribution', () => {
  const random = seededRandom(4);
  for (let round = 0; round < 50; round++) {
    const logits = Float32Array.from({ length: 40 }, () => Math.round(random() * 60) / 4);
    const whole = logits.reduce((sum, l) => sum + Math.exp(l), 0);
    const logprobs = [...logits].map((l) => l - Math.log(whole));
    const sorted = logprobs
      .map((logprob, id) => ({ id, logprob }))
      .sort((a, b) => b.logprob - a.logprob || a.id - b.id);
    const id = Math.floor(random() * 40);
    const detail = detailOf(logits, { id, logprob: logprobs[id] ?? 0 }, 5);
    expect(detail.rank).toBe(logits.filter((l) => l > (logits[id] ?? 0)).length);
    expect(detail.entropy).toBeCloseTo(-logprobs.reduce((sum, l) => sum + Math.exp(l) * l, 0), 5);
    expect(detail.alternatives.map((a) => a.id)).toEqual(sorted.slice(0, 5).map((a) => a.id));
    for (const [i, a] of detail.alternatives.entries())
      expect(a.logprob).toBeCloseTo(sorted[i]?.logprob ?? 0, 5);
  }
});
