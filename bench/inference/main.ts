/**
 * `npm run bench -- inference [--quick] [--only node|wasm|webgpu] [--threads 1,2] [--batches 1,8] [--lengths 64,512] [--rounds 3]
 * [--model DIR]`: tokens a second of scoring and of generation. In Chromium beside transformers.js over the same file, on
 * WebAssembly and on WebGPU (a software adapter: a small model made by seed, and the model itself for one short text); on node
 * beside a plain loop over onnxruntime-node. Texts are pieces of the model's own reference file.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { Reference } from '@flywheel/inference/check/reference';
import { Engine } from '@flywheel/inference/engine';
import { folderSource } from '@flywheel/inference/model/folder-source.node';
import { nodeRuntime } from '@flywheel/inference/runtime/node-runtime';
import { writeTinyFolder } from '@flywheel/inference/testing/tiny-folder.fixture';
import { TINY } from '@flywheel/inference/testing/tiny-llama.fixture';
import { startServer } from '@flywheel/testkit/server';
import { REAL_MODEL } from '../../e2e/inference-page.ts';
import { machine } from '../machine.ts';
import { type Cell, compare } from './compare.ts';
import { plainLoop } from './plain-loop.ts';
import { type Backend, browserSubject, nodeSubject } from './subject.ts';
import { transformersSubject } from './transformers.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    threads: { type: 'string', default: '1,2' },
    batches: { type: 'string', default: '1,8' },
    lengths: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    model: { type: 'string', default: REAL_MODEL },
  },
});
const numbers = (list: string): number[] => list.split(',').map(Number);
const folder = options.model;
if (!existsSync(join(folder, 'reference.json'))) {
  console.error(`${folder} holds no model with a reference.json; give one with --model.`);
  process.exit(2);
}
const { score } = Reference.parse(JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')));
const long = score.toSorted((a, b) => b.ids.length - a.ids.length)[0]?.ids ?? [];
/** Of one length, each from another place of a text. */
const pieces = (of: readonly number[], count: number, length: number) =>
  Array.from({ length: count }, (_, i) => of.slice(7 * i, 7 * i + length));
const cellsOf = (of: readonly number[], answer: number, small = false): Cell[] =>
  numbers(options.batches).flatMap((batch) =>
    numbers(options.lengths || (options.quick ? '64' : '64,512')).map((length) => ({
      texts: pieces(of, batch, length),
      answer: options.quick ? 8 : answer,
      // The longest takes minutes.
      rounds: small ? 5 : options.quick || batch * length > 4_000 ? 1 : Number(options.rounds),
      warm: small,
    })),
  );
const asked = (part: string): boolean => options.only === '' || options.only === part;
const THREADS = numbers(options.threads);

console.log(`${machine()}; load ${loadavg()[0]?.toFixed(1)} before this began`);
if (asked('node'))
  for (const threads of THREADS) {
    const engine = await Engine.load(folderSource(folder), await nodeRuntime({ threads }));
    const ours = nodeSubject(`engine, node, ${threads} thread${threads === 1 ? '' : 's'}`, engine);
    await compare(await plainLoop(folder, threads), ours, cellsOf(long, 24));
  }
const server = await startServer(['--no-demo']);
const inChromium = async (of: string, dtype: string, backend: Backend, cells: Cell[]): Promise<void> =>
  compare(
    await transformersSubject(of, dtype, backend),
    await browserSubject(server.url, of, backend),
    cells,
  );
if (asked('wasm'))
  for (const threads of THREADS)
    await inChromium(folder, 'q4', { name: 'web-wasm', threads }, cellsOf(long, 24));
if (asked('webgpu')) {
  const small = join(mkdtempSync(join(tmpdir(), 'flywheel-bench-')), 'model');
  await writeTinyFolder(small, { shape: { ...TINY, positions: 1_024 } });
  const random = seededRandom(5);
  const ids = Array.from({ length: 700 }, () => Math.floor(random() * 95));
  const backend = { name: 'web-webgpu', threads: 1 } as const;
  await inChromium(small, 'fp32', backend, cellsOf(ids, 24, true));
  rmSync(join(small, '..'), { recursive: true });
  if (!options.quick)
    await inChromium(folder, 'q4', backend, [
      { texts: pieces(long, 1, 24), answer: 3, rounds: 1, warm: false },
    ]);
}
await server.stop();
