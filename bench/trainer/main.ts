// The embedded trainer beside jax-js (one thread: it has no more), from equal weights on equal batches, in alternating runs.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { countParameters } from '@flywheel/trainer/llama/parameters';
import { machine, quantile } from '../machine.ts';
import { SIZES } from './sizes.ts';

interface Measured {
  tokensPerSecond: number;
  firstStepSeconds: number;
  peakMiB: number;
  loss: number;
}

const { values } = parseArgs({
  options: {
    size: { type: 'string', multiple: true, default: Object.keys(SIZES) },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '8' },
  },
});

const SUBJECTS = [
  { label: 'jax-js, 1 thread', kind: 'jax', threads: 1 },
  { label: 'ours, 1 thread', kind: 'ours', threads: 1 },
  { label: 'ours, 2 threads', kind: 'ours', threads: 2 },
];

const measure = async (kind: string, size: string, threads: number): Promise<Measured> => {
  const script = path.join(import.meta.dirname, 'measure.ts');
  const args = [script, kind, size, String(threads), values.steps];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Measured;
};

console.log(machine());
console.log(
  `tokens/s: median of ${values.rounds} alternating runs of ${values.steps} steps, the first step left out`,
);
for (const size of values.size) {
  const of = SIZES[size];
  if (!of) throw new RangeError(`No size ${size}: there are ${Object.keys(SIZES).join(', ')}.`);
  const { rows, length } = of.batch;
  console.log(`\n${countParameters(of.shape).toLocaleString('en')} weights, batches of ${rows} x ${length}`);
  const all = SUBJECTS.map((): Measured[] => []);
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [i, { kind, threads }] of SUBJECTS.entries()) all[i]?.push(await measure(kind, size, threads));
  const middle = (i: number, figure: keyof Measured): number =>
    quantile(all[i]?.map((one) => one[figure]) ?? [], 0.5);
  for (const [i, { label }] of SUBJECTS.entries()) {
    const speed = middle(i, 'tokensPerSecond');
    console.log(
      [
        label.padEnd(17),
        `${Math.round(speed).toLocaleString('en').padStart(7)} tokens/s`,
        `${(speed / middle(0, 'tokensPerSecond')).toFixed(2).padStart(5)} x`,
        `first step ${middle(i, 'firstStepSeconds').toFixed(1).padStart(4)} s`,
        `peak ${Math.round(middle(i, 'peakMiB')).toString().padStart(4)} MiB`,
        `loss ${middle(i, 'loss').toFixed(5)}`,
      ].join('   '),
    );
  }
}
