import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Reference } from '@flywheel/inference/check/reference';
import type { LoadOptions } from '@flywheel/inference/engine';
import type { WebBackend } from '@flywheel/inference/worker-protocol';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../perform.ts';
import { addRegistry } from './model-registry.ts';

interface CheckOptions {
  reference?: string;
  backend: 'node' | 'web-wasm' | 'web-webgpu';
  precision?: string;
  threads?: number;
  packed?: boolean;
  json?: boolean;
}

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
};

const readReference = async (file: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new InputError(`${file} cannot be read as JSON (${(cause as Error).message}).`, { cause });
  }
};

/** Loads a model and runs a reference file through it. */
const check = async (folder: string, o: CheckOptions) => {
  const { Reference } = await import('@flywheel/inference/check/reference');
  const file = o.reference ?? path.join(folder, 'reference.json');
  const reference = Reference.safeParse(await readReference(file));
  if (!reference.success) {
    const [issue] = reference.error.issues;
    throw new InputError(`${file} is no reference file: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const options = {
    ...(o.precision === undefined ? {} : { precision: o.precision }),
    ...(o.packed ? { unpack: false } : {}),
  };
  const { checked, ...where } = await (o.backend === 'node'
    ? onNode(folder, reference.data, options, o.threads)
    : inBrowser(folder, reference.data, options, { name: o.backend, threads: o.threads }));
  const { tokenizer, chat, batches } = checked;
  const worst = batches.reduce((a, b) => (b.score.maxAbs > a.score.maxAbs ? b : a));
  const least = batches.reduce((a, b) =>
    b.greedy.equal / b.greedy.total < a.greedy.equal / a.greedy.total ? b : a,
  );
  return {
    ...where,
    tokenizer,
    chat,
    /** The worse of all batch sizes; each stands in `batches`. */
    score: worst.score,
    greedy: least.greedy,
    batches,
  };
};

const onNode = async (folder: string, reference: Reference, options: LoadOptions, threads?: number) => {
  const [{ Engine }, { checkModel }, { folderSource }, { nodeRuntime }] = await Promise.all([
    import('@flywheel/inference/engine'),
    import('@flywheel/inference/check/check'),
    import('@flywheel/inference/model/folder-source.node'),
    import('@flywheel/inference/runtime/node-runtime'),
  ]);
  const runtime = await nodeRuntime(threads === undefined ? {} : { threads });
  const engine = await Engine.load(folderSource(folder), runtime, options);
  try {
    const checked = await checkModel(engine, reference);
    return { backend: runtime.name, threads: runtime.threads, load: engine.report, gpu: null, checked };
  } finally {
    await engine.close();
  }
};

const inBrowser = async (folder: string, reference: Reference, options: LoadOptions, backend: WebBackend) => {
  const { checkInBrowser } = await import('./model-check-browser.ts');
  const { loaded, checked } = await checkInBrowser(folder, { backend, options, reference });
  return {
    backend: loaded.backend,
    threads: loaded.threads,
    load: loaded.report,
    gpu: loaded.gpu,
    checked,
  };
};

const text = ({ load, gpu, tokenizer, chat, batches }: Awaited<ReturnType<typeof check>>): string =>
  [
    `${load.variant.path} (${load.variant.precision}), loaded in ${load.seconds.toFixed(1)} s`,
    ...load.notes.map((note) => `  ${note}`),
    ...(gpu ? [`  adapter: ${gpu.adapter.vendor} ${gpu.adapter.architecture}`] : []),
    ...(gpu?.probe.cases.map(
      ({ name, maxAbs }) => `  probe: ${name}: ${maxAbs.toExponential(1)} from WebAssembly`,
    ) ?? []),
    `tokenizer: ${tokenizer.equal} of ${tokenizer.total} texts equal; chat: ${chat.equal} of ${chat.total}`,
    ...batches.map(
      ({ batch, score, greedy }) =>
        `batch ${batch}: score off by ${score.maxAbs.toExponential(1)} at most over ${score.tokens} tokens (${(score.tokens / score.seconds).toFixed(0)}/s), ${score.ranks} ranks differ; greedy ${greedy.equal} of ${greedy.total} tokens equal (${(greedy.total / greedy.seconds).toFixed(0)}/s)`,
    ),
  ].join('\n');

export const addModels = (program: Command): void => {
  const group = program.command('model').description('local models: add, list, remove, check');
  addRegistry(group);
  group
    .command('check')
    .description('run a reference file through a model, and say how far it is off')
    .argument('<folder>', 'a model in Hugging Face’s layout')
    .option('--reference <file>', 'what another implementation found; default: reference.json of the folder')
    .addOption(
      new Option('--backend <name>', 'where to run it; web-*: in a Chromium of this machine')
        .choices(['node', 'web-wasm', 'web-webgpu'])
        .default('node'),
    )
    .option('--precision <name>', 'which of its graphs, e.g. q4; default: the smallest')
    .option('--threads <n>', 'of the processor', count)
    .option('--packed', 'leave packed weights packed')
    .option('--json', 'the last line of stdout is one JSON object')
    .action(async (folder: string, o: CheckOptions) => {
      const result = await check(folder, o);
      process.stdout.write(`${o.json ? JSON.stringify(result) : text(result)}\n`);
    });
};
