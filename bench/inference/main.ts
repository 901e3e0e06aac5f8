/**
 * `npm run bench -- inference [--quick] [--only node|chromium] [--threads 1,2] [--model DIR]`: tokens a second of scoring and of generation, batch 1
 * and 8, prompts of 64 and 512 tokens: the engine on node and in Chromium on WebAssembly, one thread and two, and a plain loop
 * over onnxruntime-node in the same run. Texts are pieces of the model's own reference file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Reference } from '@flywheel/inference/check/reference';
import { Engine } from '@flywheel/inference/engine';
import { folderSource } from '@flywheel/inference/model/folder-source.node';
import { nodeRuntime } from '@flywheel/inference/runtime/node-runtime';
import { startServer } from '@flywheel/testkit/server';
import { REAL_MODEL } from '../../e2e/inference-page.ts';
import { machine } from '../machine.ts';
import { plainLoop } from './plain-loop.ts';
import { type BenchSubject, browserSubject, nodeSubject, type Texts } from './subject.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    threads: { type: 'string', default: '1,2' },
    model: { type: 'string', default: REAL_MODEL },
  },
});
const folder = options.model;
if (!existsSync(join(folder, 'reference.json'))) {
  console.error(`${folder} holds no model with a reference.json; give one with --model.`);
  process.exit(2);
}
const { score } = Reference.parse(JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')));
const long = score.toSorted((a, b) => b.ids.length - a.ids.length)[0]?.ids ?? [];
/** Of one length, each from another place of the text. */
const pieces = (count: number, length: number): Texts =>
  Array.from({ length: count }, (_, i) => long.slice(7 * i, 7 * i + length));

const THREADS = options.threads.split(',').map(Number);
const ANSWER = options.quick ? 12 : 32;
const CELLS = [1, 8].flatMap((batch) =>
  (options.quick ? [64] : [64, 512]).map((length) => ({ batch, length, texts: pieces(batch, length) })),
);
const round = (n: number): string => (n < 10 ? n.toFixed(1) : Math.round(n).toString());

const measure = async (subject: BenchSubject, batches: readonly number[]): Promise<void> => {
  // Each class of shapes is compiled when it is first met.
  await subject.score(pieces(1, 40));
  await subject.generate(pieces(2, 20), 3);
  console.log(`\n${subject.name} (loaded in ${subject.load.toFixed(1)} s)`);
  for (const { batch, length, texts } of CELLS.filter((cell) => batches.includes(cell.batch))) {
    const scored = await subject.score(texts);
    const { first, rest, tokens } = await subject.generate(texts, ANSWER);
    console.log(
      `  batch ${batch}, ${length} tokens: score ${round((batch * (length - 1)) / scored)}/s; first token of all after ${first.toFixed(2)} s, then ${round((tokens - batch) / rest)}/s; load ${loadavg()[0]?.toFixed(1)}`,
    );
  }
  await subject.close();
};

console.log(`${machine()}; load ${loadavg()[0]?.toFixed(1)} before this began`);
if (options.only !== 'chromium')
  for (const threads of THREADS) {
    // It knows no batches: eight texts take eight times as long.
    await measure(await plainLoop(folder, threads), [1]);
    const engine = await Engine.load(folderSource(folder), await nodeRuntime({ threads }));
    await measure(nodeSubject(`engine, node, ${threads} thread${threads === 1 ? '' : 's'}`, engine), [1, 8]);
  }
if (options.only !== 'node') {
  const server = await startServer(['--no-demo']);
  for (const threads of THREADS) await measure(await browserSubject(server.url, folder, threads), [1, 8]);
  await server.stop();
}
