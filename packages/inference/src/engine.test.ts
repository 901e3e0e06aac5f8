import { seededRandom } from '@flywheel/domain/metrics/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from './engine.ts';
import type { TokenDetail } from './generate/detail.ts';
import { type GenerateRequest, generate } from './generate/generate.ts';
import { logSumExp } from './generate/sampler.ts';
import { writeModel } from './onnx/proto.ts';
import { nodeRuntime } from './runtime/node-runtime.ts';
import type { Runtime } from './runtime/runtime.ts';
import { score } from './score/score.ts';
import { plainGraph, TINY, tinySource, tinyWeights } from './testing/tiny-llama.fixture.ts';

const SEED = 3;
let runtime: Runtime;
let engine: Engine;
const weights = tinyWeights(TINY, SEED);
beforeAll(async () => {
  runtime = await nodeRuntime({ threads: 1 });
  engine = await Engine.load(tinySource(TINY, SEED), runtime);
});
afterAll(() => engine.close());

/** Logits of every position by the plain graph. */
const oracle = async (ids: readonly number[]): Promise<Float32Array[]> => {
  const session = await runtime.create(writeModel(plainGraph(TINY, weights, ids.length)));
  const tokens = new runtime.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
  const { logits } = await session.run({ input_ids: tokens }, { logits: null });
  await session.release();
  const data = logits?.data as Float32Array;
  return ids.map((_, i) => data.slice(i * TINY.vocabulary, (i + 1) * TINY.vocabulary));
};

const random = seededRandom(11);
const textOf = (length: number): number[] =>
  Array.from({ length }, () => Math.floor(random() * (TINY.vocabulary - 1)));
const TEXTS = [1, 2, 17, 33, 5, 70, 70, 3, 128, 40].map(textOf);

describe('score', () => {
  it('[I1] log-probability, rank and entropy of every token are the oracle’s', async () => {
    const scores = await score(engine, TEXTS);
    for (const [t, ids] of TEXTS.entries()) {
      const logits = await oracle(ids);
      for (let i = 0; i + 1 < ids.length; i++) {
        const row = logits[i] as Float32Array;
        const sum = logSumExp(row);
        const next = ids[i + 1] ?? 0;
        const chances = Array.from(row, (l) => Math.exp(l - sum));
        const entropy = -chances.reduce((h, p) => h + (p > 0 ? p * Math.log(p) : 0), 0);
        expect(Math.abs((scores[t]?.logprob[i] ?? 9) - ((row[next] ?? 0) - sum))).toBeLessThan(1e-4);
        expect(Math.abs((scores[t]?.entropy[i] ?? 9) - entropy)).toBeLessThan(1e-4);
        expect(scores[t]?.rank[i]).toBe(row.filter((l) => l > (row[next] ?? 0)).length);
        expect(scores[t]?.top1[i]).toBe(row.indexOf(Math.max(...row)));
      }
    }
  });

  it('[I2] a ragged batch gives what each text gives alone, whatever the sizes of batches and chunks', async () => {
    const alone = await score(engine, TEXTS, { batchTokens: 1 });
    for (const options of [{}, { batchTokens: 4_096 }, { batchTokens: 200, rows: 7 }]) {
      const together = await score(engine, TEXTS, options);
      for (const [t, one] of alone.entries()) {
        for (const [i, logprob] of one.logprob.entries())
          expect(Math.abs((together[t]?.logprob[i] ?? 9) - logprob)).toBeLessThan(1e-4);
        expect(together[t]?.top1).toEqual(one.top1);
      }
    }
  });

  it('[I3] a text that is too long is refused before anything is run, by its number and length', async () => {
    await expect(score(engine, [[1, 2], textOf(TINY.positions + 1)])).rejects.toThrow(
      'Text 1 has 257 tokens',
    );
    expect((await score(engine, [[], [4]])).map((s) => s.logprob.length)).toEqual([0, 0]);
  });
});

const requestOf = (prompt: number[], more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt,
  maxTokens: 24,
  sampling: {},
  seed: 1,
  ...more,
});
const PROMPTS = [3, 40, 1, 17, 64, 9, 33, 12, 2, 5, 70].map(textOf);

describe('generate', () => {
  it('[I4] greedy tokens are the oracle’s, and score agrees with the log-probabilities on the way', async () => {
    const answers = await generate(
      engine,
      PROMPTS.map((p) => requestOf(p)),
      { slots: 4 },
    );
    for (const [r, { ids, logprobs }] of answers.entries()) {
      const prompt = PROMPTS[r] ?? [];
      const logits = await oracle([...prompt, ...ids]);
      for (const [i, id] of ids.entries()) {
        const row = logits[prompt.length - 1 + i] as Float32Array;
        expect((row[id] ?? -99) + 1e-4).toBeGreaterThan(Math.max(...row));
      }
      const [scored] = await score(engine, [[...prompt, ...ids]]);
      for (const [i, logprob] of logprobs.entries())
        expect(Math.abs((scored?.logprob[prompt.length - 1 + i] ?? 9) - logprob)).toBeLessThan(1e-4);
    }
  });

  it.each([true, false])(
    '[I5] each row has the tokens that it has alone, in any batch (cache in place: %s)',
    async (inPlace) => {
      const other = await Engine.load(tinySource(TINY, SEED), { ...runtime, inPlace });
      const requests = PROMPTS.map((p, i) =>
        requestOf(p, {
          seed: i,
          maxTokens: 5 + 3 * i,
          sampling: i % 2 === 0 ? {} : { temperature: 1, topP: 0.9 },
        }),
      );
      const alone = [];
      for (const request of requests) alone.push(...(await generate(other, [request])));
      for (const slots of [2, 5, 16]) {
        const together = await generate(other, requests, { slots });
        expect(together.map((a) => a.ids)).toEqual(alone.map((a) => a.ids));
      }
      await other.close();
    },
  );

  it('[I5] long prompts that are too many for one pass enter one after another, with the tokens that they have alone', async () => {
    const requests = Array.from({ length: 8 }, (_, seed) =>
      requestOf(textOf(200 + seed), { seed, maxTokens: 6 }),
    );
    const alone = [];
    for (const request of requests) alone.push(...(await generate(engine, [request])));
    const begun: number[] = [];
    const together = await generate(engine, requests, {
      slots: 8,
      onToken: (request) => begun.push(request),
    });
    expect(together.map((a) => a.ids)).toEqual(alone.map((a) => a.ids));
    expect(begun.slice(0, 8).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('[I6] samples of one prompt repeat exactly for their seeds, and differ between seeds', async () => {
    const samples = Array.from({ length: 6 }, (_, seed) =>
      requestOf(PROMPTS[1] ?? [], { seed, sampling: { temperature: 1 } }),
    );
    const first = await generate(engine, samples, { slots: 6 });
    expect(await generate(engine, samples.toReversed(), { slots: 4 })).toEqual(first.toReversed());
    expect(new Set(first.map((a) => a.ids.join())).size).toBeGreaterThan(4);
  });

  it('[I7] an answer ends at a stop text, which is not part of it, at the model’s end, or at its length', async () => {
    const [whole] = await generate(engine, [requestOf(PROMPTS[3] ?? [])]);
    const stop = whole?.text.slice(5, 8) ?? '';
    const told: string[] = [];
    const [cut] = await generate(engine, [requestOf(PROMPTS[3] ?? [], { stop: [stop] })], {
      onToken: (_, text) => told.push(text),
    });
    expect(cut).toMatchObject({ finish: 'stop', text: whole?.text.slice(0, whole.text.indexOf(stop)) });
    expect(told.at(-1)).toBe(cut?.text);
    expect((await generate(engine, [requestOf([1, 2], { maxTokens: 3 })]))[0]).toMatchObject({
      finish: 'length',
      ids: { length: 3 },
    });
    const room = await generate(engine, [requestOf(textOf(TINY.positions - 3), { maxTokens: 100 })]);
    expect(room[0]?.ids.length).toBeLessThanOrEqual(3);
    await expect(generate(engine, [requestOf(textOf(TINY.positions))])).rejects.toThrow('no room is left');
    await expect(generate(engine, [requestOf([])])).rejects.toThrow('empty');
  });

  it('[I33] alternatives told with each token are the likeliest of the oracle, only where they are asked for', async () => {
    const told: (TokenDetail | null)[][] = [[], [], []];
    const requests = [
      requestOf(PROMPTS[1] ?? [], { alternatives: 5, maxTokens: 8, sampling: { temperature: 1.4 }, seed: 6 }),
      requestOf(PROMPTS[3] ?? [], { maxTokens: 4 }),
      requestOf(PROMPTS[2] ?? [], { alternatives: 3, maxTokens: 6 }),
    ];
    const answers = await generate(engine, requests, {
      onToken: (request, _, detail) => told[request]?.push(detail),
    });
    expect(told[1]?.every((detail) => detail === null)).toBe(true);
    for (const r of [0, 2]) {
      const { prompt = [], alternatives = 0 } = requests[r] ?? {};
      const ids = answers[r]?.ids ?? [];
      const logits = await oracle([...prompt, ...ids]);
      expect(told[r]).toHaveLength(ids.length);
      for (const [i, detail] of (told[r] ?? []).entries()) {
        const row = logits[prompt.length - 1 + i] as Float32Array;
        const sum = logSumExp(row);
        const sorted = [...row].map((l) => l - sum).sort((a, b) => b - a);
        expect(detail).toMatchObject({ id: ids[i], alternatives: { length: alternatives } });
        expect(detail?.logprob).toBeCloseTo((row[ids[i] ?? 0] ?? 0) - sum, 4);
        expect(detail?.rank).toBe(row.filter((l) => l > (row[ids[i] ?? 0] ?? 0)).length);
        for (const [a, alternative] of (detail?.alternatives ?? []).entries()) {
          expect(alternative.logprob).toBeCloseTo(sorted[a] ?? 0, 4);
          expect(alternative.logprob).toBeCloseTo((row[alternative.id] ?? 0) - sum, 4);
        }
      }
    }
  });
});
