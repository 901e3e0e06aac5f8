import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeRuntime } from '@flywheel/inference/runtime/node-runtime';
import type { Tensor } from 'onnxruntime-common';
import type { BenchSubject, Texts } from './subject.ts';

/** Of the shared model. */
const END = 2;
const STATES = { layers: 30, heads: 3, size: 64, vocabulary: 49_152 };

/**
 * What one writes first: the file as it is on onnxruntime-node, all logits read back, softmax in JavaScript, one text after
 * another, and what came out of the cache fed in again. The shape is that of the shared model.
 */
export const plainLoop = async (folder: string, threads: number): Promise<BenchSubject> => {
  const began = performance.now();
  const runtime = await nodeRuntime({ threads });
  const session = await runtime.create(readFileSync(join(folder, 'onnx/model_q4.onnx')));
  const load = (performance.now() - began) / 1_000;
  const pasts = session.inputs.filter((name) => name.startsWith('past_key_values.'));
  let readBack = 0;
  const counted = (outputs: Record<string, Tensor>): Record<string, Tensor> => {
    for (const { data } of Object.values(outputs)) readBack += (data as Float32Array).byteLength;
    return outputs;
  };
  const all = Object.fromEntries(session.outputs.map((name) => [name, null]));
  const run = async (ids: readonly number[], total: number, past: Record<string, Tensor>) =>
    counted(
      await session.run(
        {
          input_ids: new runtime.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
          attention_mask: new runtime.Tensor('int64', new BigInt64Array(total).fill(1n), [1, total]),
          ...past,
        },
        all,
      ),
    );
  const empty = (): Record<string, Tensor> =>
    Object.fromEntries(
      pasts.map((name) => [
        name,
        new runtime.Tensor('float32', new Float32Array(0), [1, STATES.heads, 0, STATES.size]),
      ]),
    );
  const logitsOf = (outputs: Record<string, Tensor>): Float32Array => outputs.logits?.data as Float32Array;
  return {
    name: `plain loop, node, ${threads} thread${threads === 1 ? '' : 's'}`,
    load,
    score: async (texts: Texts) => {
      const [from, before] = [performance.now(), readBack];
      for (const ids of texts) {
        const logits = logitsOf(await run(ids, ids.length, empty()));
        for (const [i, id] of ids.slice(1).entries())
          logProbability(logits.subarray(i * STATES.vocabulary, (i + 1) * STATES.vocabulary), id);
      }
      return { seconds: (performance.now() - from) / 1_000, readBack: readBack - before };
    },
    generate: async (prompts, maxTokens) => {
      const result = { first: 0, rest: 0 };
      const before = readBack;
      const answers: number[][] = [];
      for (const prompt of prompts) {
        let from = performance.now();
        let outputs = await run(prompt, prompt.length, empty());
        const answer = [likeliest(logitsOf(outputs).subarray(-STATES.vocabulary))];
        result.first += (performance.now() - from) / 1_000;
        from = performance.now();
        for (let n = 1; n < maxTokens && answer.at(-1) !== END; n++) {
          const { logits: _, ...present } = outputs;
          const past = Object.fromEntries(
            pasts.map((name) => [name, present[name.replace('past_key_values', 'present')] as Tensor]),
          );
          outputs = await run(answer.slice(-1), prompt.length + n, past);
          answer.push(likeliest(logitsOf(outputs)));
        }
        result.rest += (performance.now() - from) / 1_000;
        answers.push(answer);
      }
      return { ...result, ids: answers, readBack: readBack - before };
    },
    memory: async () => null,
    close: () => session.release(),
  };
};

const logProbability = (row: Float32Array, id: number): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (const l of row) most = Math.max(most, l);
  let sum = 0;
  for (const l of row) sum += Math.exp(l - most);
  return (row[id] ?? Number.NaN) - most - Math.log(sum);
};

const likeliest = (row: Float32Array): number => {
  let best = 0;
  for (let i = 1; i < row.length; i++) if ((row[i] ?? 0) > (row[best] ?? 0)) best = i;
  return best;
};
