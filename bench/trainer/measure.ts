// One measured training in a process of its own: node measure.ts ours|jax SIZE THREADS STEPS -> one line of JSON.
import { seededRandom } from '@flywheel/domain/metrics/random';
import { nodeRuntime } from '@flywheel/inference/runtime/node-runtime';
import { ExampleStream } from '@flywheel/trainer/data/stream';
import { jaxDecoder } from '@flywheel/trainer/jax-decoder.fixture';
import { initialWeights } from '@flywheel/trainer/llama/parameters';
import { freshState, TrainingSession } from '@flywheel/trainer/session/training-session';
import { quantile } from '../machine.ts';
import { OPTIMISER, RATE, SIZES } from './sizes.ts';

const [kind, name = '', threads, steps] = process.argv.slice(2);
const size = SIZES[name];
if (!size) throw new RangeError(`No size ${name}: there are ${Object.keys(SIZES).join(', ')}.`);
const { shape, batch } = size;
const random = seededRandom(1);
const ids = (length: number): number[] =>
  Array.from({ length }, () => Math.floor(random() * shape.vocabulary));
// Two texts fill a row: what packing makes of short traces.
const half = batch.length / 2;
const examples = Array.from({ length: 1_024 }, () => ({
  prompt: ids(half / 2),
  completion: ids(half / 2 + 1),
}));
const stream = new ExampleStream(examples, { ...batch, learned: Number.POSITIVE_INFINITY, seed: 1 });

const weights = initialWeights(shape, 1);
const from = performance.now();
const step = await opened();
const times: number[] = [];
let [loss, first] = [Number.NaN, Number.NaN];
for (let i = 0; i < Number(steps); i++) {
  const next = stream.next();
  const before = performance.now();
  loss = await step(next);
  times.push(performance.now() - before);
  if (i === 0) first = performance.now() - from;
}
const median = quantile(times.slice(1), 0.5);
console.log(
  JSON.stringify({
    tokensPerSecond: ((batch.rows * batch.length) / median) * 1_000,
    firstStepSeconds: first / 1_000,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
    loss,
  }),
);
process.exit(0);

async function opened(): Promise<(batch: ReturnType<ExampleStream['next']>) => Promise<number>> {
  if (kind === 'jax') {
    const decoder = await jaxDecoder(shape, batch, OPTIMISER, weights);
    return (next) => decoder.step(next, RATE);
  }
  const session = await TrainingSession.open(await nodeRuntime({ threads: Number(threads) }), {
    shape,
    batch,
    optimiser: OPTIMISER,
    state: freshState(weights),
  });
  return async (next) => (await session.step(next, RATE)).loss;
}
