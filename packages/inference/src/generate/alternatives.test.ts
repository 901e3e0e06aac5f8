import { expect, it } from 'vitest';
import { Engine } from '../engine.ts';
import { nodeRuntime } from '../runtime/node-runtime.ts';
import { plainOracle, SEED } from '../testing/conformance.ts';
import { TINY, tinySource } from '../testing/tiny-llama.fixture.ts';
import type { TokenDetail } from './detail.ts';
import { type GenerateRequest, generate } from './generate.ts';
import { logSumExp } from './sampler.ts';

it('[I33] alternatives told with each token are the likeliest of the oracle, only where they are asked for', async () => {
  const engine = await Engine.load(tinySource(TINY, SEED), await nodeRuntime({ threads: 1 }));
  const oracle = await plainOracle();
  const requests: GenerateRequest[] = [
    { prompt: [5, 9, 40, 2], maxTokens: 8, sampling: { temperature: 1.4 }, seed: 6, alternatives: 5 },
    { prompt: [7, 7, 30], maxTokens: 4, sampling: {}, seed: 0 },
    {
      prompt: Array.from({ length: 40 }, (_, i) => i + 3),
      maxTokens: 6,
      sampling: {},
      seed: 0,
      alternatives: 3,
    },
  ];
  const told: (TokenDetail | null)[][] = requests.map(() => []);
  const answers = await generate(engine, requests, {
    onToken: (request, _, detail) => told[request]?.push(detail),
  });
  for (const [r, { prompt, alternatives = 0 }] of requests.entries()) {
    const ids = answers[r]?.ids ?? [];
    expect(told[r]).toHaveLength(ids.length);
    const logits = await oracle([...prompt, ...ids]);
    for (const [i, detail] of (told[r] ?? []).entries()) {
      if (alternatives === 0) {
        expect(detail).toBeNull();
        continue;
      }
      const row = logits[prompt.length - 1 + i] as Float32Array;
      const sum = logSumExp(row);
      const own = row[ids[i] ?? 0] ?? Number.NaN;
      const sorted = [...row].map((l) => l - sum).sort((a, b) => b - a);
      expect(detail).toMatchObject({ id: ids[i], alternatives: { length: alternatives } });
      expect(detail?.logprob).toBeCloseTo(own - sum, 4);
      expect(detail?.rank).toBe(row.filter((l) => l > own).length);
      for (const [a, alternative] of (detail?.alternatives ?? []).entries()) {
        expect(alternative.logprob).toBeCloseTo(sorted[a] ?? 0, 4);
        expect(alternative.logprob).toBeCloseTo((row[alternative.id] ?? 0) - sum, 4);
      }
    }
  }
  await engine.close();
});
