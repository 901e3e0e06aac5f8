import assert from 'node:assert/strict';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { writeModel } from '@flywheel/onnx/model';
import { Engine } from '../engine.ts';
import { type Generated, type GenerateRequest, generate } from '../generate/generate.ts';
import { logSumExp } from '../generate/sampler.ts';
import { nodeRuntime } from '../runtime/node-runtime.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type Score, score } from '../score/score.ts';
import { plainGraph, TINY, tinySource, tinyWeights } from './tiny-llama.fixture.ts';

/** What every backend must do alike; it may be in this process or behind a browser. */
export interface Subject {
  score(
    texts: readonly (readonly number[])[],
    options?: { batchTokens?: number; rows?: number },
  ): Promise<{ [F in keyof Score]: ArrayLike<number> }[]>;
  generate(requests: readonly GenerateRequest[], slots: number): Promise<Generated[]>;
}

/** The model that subjects load: `tinySource(TINY, SEED)`. */
export const SEED = 3;
const weights = tinyWeights(TINY, SEED);

/** Logits of every position of a text. */
export type Oracle = (ids: readonly number[]) => Promise<Float32Array[]>;

/** The same model in standard operators alone, on this machine's processor. */
export const plainOracle = async (): Promise<Oracle> => {
  const runtime = await nodeRuntime({ threads: 1 });
  return async (ids) => {
    const session = await runtime.create(writeModel(plainGraph(TINY, weights, ids.length)));
    const tokens = new runtime.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
    const { logits } = await session.run({ input_ids: tokens }, { logits: null });
    await session.release();
    const data = logits?.data as Float32Array;
    return ids.map((_, i) => data.slice(i * TINY.vocabulary, (i + 1) * TINY.vocabulary));
  };
};

/** The engine of this process as a subject. */
export const nodeSubject = async (
  changes: Partial<Runtime> = {},
): Promise<Subject & { close(): Promise<void> }> => {
  const runtime = await nodeRuntime({ threads: 1 });
  const engine = await Engine.load(tinySource(TINY, SEED), { ...runtime, ...changes });
  return {
    score: (texts, options) => score(engine, texts, options),
    generate: (requests, slots) => generate(engine, requests, { slots }),
    close: () => engine.close(),
  };
};

export interface ConformanceCase {
  /** As tests are named: the rule of SPEC.md, and what holds. */
  name: string;
  /** @throws AssertionError where it does not hold */
  check(subject: Subject, oracle: Oracle): Promise<void>;
}

const TOLERANCE = 1e-4;
const close = (a: number | undefined, b: number, what: string): void =>
  assert.ok(Math.abs((a ?? Number.NaN) - b) < TOLERANCE, `${what}: ${a}, but ${b} is right`);

const texts = (seed: number, lengths: readonly number[]): number[][] => {
  const random = seededRandom(seed);
  return lengths.map((length) => Array.from({ length }, () => Math.floor(random() * (TINY.vocabulary - 1))));
};
const TEXTS = texts(11, [1, 2, 17, 33, 5, 70, 70, 3, 128, 40]);
const PROMPTS = texts(12, [3, 40, 1, 17, 64, 9, 33, 12]);
const requests = (sampled: boolean): GenerateRequest[] =>
  PROMPTS.map((prompt, seed) => ({
    prompt,
    maxTokens: 5 + 3 * seed,
    sampling: sampled && seed % 2 === 1 ? { temperature: 1, topP: 0.9 } : {},
    seed,
  }));
const ids = (answers: readonly Generated[]): number[][] => answers.map((answer) => answer.ids);

export const CONFORMANCE: readonly ConformanceCase[] = [
  {
    name: '[I1] log-probability, rank, entropy and likeliest token of a ragged batch are the oracle’s',
    check: async (subject, oracle) => {
      const scores = await subject.score(TEXTS);
      for (const [t, text] of TEXTS.entries()) {
        const logits = await oracle(text);
        for (let i = 0; i + 1 < text.length; i++) {
          const row = logits[i] as Float32Array;
          const sum = logSumExp(row);
          const next = row[text[i + 1] ?? 0] ?? 0;
          const entropy = -row.reduce((h, l) => h + Math.exp(l - sum) * (l - sum), 0);
          close(scores[t]?.logprob[i], next - sum, `log-probability ${i} of text ${t}`);
          close(scores[t]?.entropy[i], entropy, `entropy ${i} of text ${t}`);
          assert.equal(scores[t]?.rank[i], row.filter((l) => l > next).length);
          assert.equal(scores[t]?.top1[i], row.indexOf(Math.max(...row)));
        }
      }
    },
  },
  {
    name: '[I2] a ragged batch gives what each text gives alone, whatever the sizes of batches and chunks',
    check: async (subject) => {
      const alone = await subject.score(TEXTS, { batchTokens: 1 });
      for (const options of [{}, { batchTokens: 4_096 }, { batchTokens: 200, rows: 7 }]) {
        const together = await subject.score(TEXTS, options);
        for (const [t, { logprob, top1 }] of alone.entries()) {
          for (let i = 0; i < logprob.length; i++)
            close(together[t]?.logprob[i], logprob[i] ?? Number.NaN, `log-probability ${i} of text ${t}`);
          assert.deepEqual(Array.from(together[t]?.top1 ?? []), Array.from(top1));
        }
      }
    },
  },
  {
    name: '[I3] a text that is too long is refused, by its number and length; one without a second token has no score',
    check: async (subject) => {
      const long = texts(1, [2, TINY.positions + 1]);
      await assert.rejects(subject.score(long), /Text 1 has 257 tokens/);
      const scores = await subject.score([[], [4], [4, 5]]);
      assert.deepEqual(
        scores.map(({ logprob }) => logprob.length),
        [0, 0, 1],
      );
    },
  },
  {
    name: '[I4] greedy tokens are the oracle’s, and score agrees with the log-probabilities on the way',
    check: async (subject, oracle) => {
      const answers = await subject.generate(requests(false), 4);
      const whole = answers.map((answer, r) => [...(PROMPTS[r] ?? []), ...answer.ids]);
      const scores = await subject.score(whole);
      for (const [r, answer] of answers.entries()) {
        const logits = await oracle(whole[r] ?? []);
        for (const [i, id] of answer.ids.entries()) {
          const at = (PROMPTS[r]?.length ?? 0) - 1 + i;
          const row = logits[at] as Float32Array;
          assert.ok((row[id] ?? Number.NaN) + TOLERANCE > Math.max(...row), `token ${i} of answer ${r}`);
          close(scores[r]?.logprob[at], answer.logprobs[i] ?? Number.NaN, `token ${i} of answer ${r}`);
        }
      }
    },
  },
  {
    name: '[I5] each row has the tokens that it has alone, whoever is beside it',
    check: async (subject) => {
      const alone = await subject.generate(requests(true), 1);
      for (const slots of [3, 8])
        assert.deepEqual(ids(await subject.generate(requests(true), slots)), ids(alone));
    },
  },
  {
    name: '[I5] long prompts that are too many for one pass enter one after another, with the tokens that they have alone',
    check: async (subject) => {
      const long = texts(
        13,
        Array.from({ length: 8 }, (_, i) => 200 + i),
      ).map((prompt, seed) => ({ prompt, maxTokens: 6, sampling: {}, seed }));
      assert.deepEqual(ids(await subject.generate(long, 8)), ids(await subject.generate(long, 1)));
    },
  },
  {
    name: '[I6] samples of one prompt repeat exactly for their seeds',
    check: async (subject) => {
      const prompt = PROMPTS[1] ?? [];
      const samples = Array.from({ length: 6 }, (_, seed) => ({
        prompt,
        maxTokens: 12,
        sampling: { temperature: 1 },
        seed,
      }));
      const first = await subject.generate(samples, 6);
      assert.deepEqual(ids(await subject.generate(samples.toReversed(), 4)), ids(first).toReversed());
      assert.ok(new Set(ids(first).map(String)).size > 4);
    },
  },
  {
    name: '[I7] an answer ends at a stop text, which is not part of it, at its length, or where the context is full',
    check: async (subject) => {
      const request = { prompt: PROMPTS[3] ?? [], maxTokens: 20, sampling: {}, seed: 1 };
      const [whole] = await subject.generate([request], 1);
      const stop = whole?.text.slice(5, 8) ?? '';
      const [cut] = await subject.generate([{ ...request, stop: [stop] }], 1);
      assert.equal(cut?.finish, 'stop');
      assert.equal(cut?.text, whole?.text.slice(0, whole.text.indexOf(stop)));
      const [short] = await subject.generate([{ ...request, maxTokens: 3 }], 1);
      assert.deepEqual([short?.finish, short?.ids.length], ['length', 3]);
      const [most = [], all = []] = texts(14, [TINY.positions - 3, TINY.positions]);
      const [full] = await subject.generate([{ ...request, prompt: most, maxTokens: 100 }], 1);
      assert.ok((full?.ids.length ?? 9) <= 3);
      await assert.rejects(subject.generate([{ ...request, prompt: all }], 1), /no room is left/);
      await assert.rejects(subject.generate([{ ...request, prompt: [] }], 1), /empty/);
    },
  },
  {
    name: '[I36] a token that the model does not have is refused, by its text',
    check: async (subject) => {
      await assert.rejects(
        subject.score([
          [1, 2],
          [3, TINY.vocabulary],
        ]),
        /Text 1 holds the token 96/,
      );
      const prompt = [1, -1];
      await assert.rejects(
        subject.generate([{ prompt, maxTokens: 2, sampling: {}, seed: 0 }], 1),
        /Prompt 0 holds the token -1/,
      );
    },
  },
];
