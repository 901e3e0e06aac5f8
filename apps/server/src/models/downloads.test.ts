import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunId } from '@flywheel/domain/ids';
import type { ModelId } from '@flywheel/domain/model';
import { TINY, tinySource } from '@flywheel/inference/testing/tiny-llama.fixture';
import { temporaryHome } from '@flywheel/testkit/home';
import { type StubHub, startStubHub } from '@flywheel/testkit/stub-hub';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { hubReference } from './hub-reference.ts';

let hub: StubHub;
let home: string;
let remove: () => Promise<void>;
let workspace: Workspace;

const open = async (): Promise<void> => {
  const before = process.env.HF_ENDPOINT;
  process.env.HF_ENDPOINT = hub.url;
  workspace = await openWorkspace(home);
  if (before === undefined) delete process.env.HF_ENDPOINT;
  else process.env.HF_ENDPOINT = before;
};

beforeEach(async () => {
  const source = tinySource(TINY, 1);
  const files = new Map<string, Uint8Array>([['secret.bin', new Uint8Array(9)]]);
  for (const below of ['', 'onnx'])
    for (const name of await source.list(below)) {
      const file = path.posix.join(below, name);
      files.set(file, await source.read(file));
    }
  hub = await startStubHub(files);
  ({ home, remove } = await temporaryHome('hub'));
  await open();
});
afterEach(async () => {
  await workspace.close();
  await hub.close();
  await remove();
});

const start = (reference = 'hub:owner/tiny') => workspace.downloads.start(reference, undefined, null);
const ended = async (id: number) => workspace.runs.wait(id as RunId);
const kept = (): Promise<string[]> => readdir(path.join(home, 'models', 'tiny'), { recursive: true });

it('[M1] brings what a model needs and nothing else, at a fixed commit, and it can be run', async () => {
  expect(await ended((await start('hub:owner/tiny@main')).id)).toMatchObject({ state: 'succeeded', done: 5 });
  const [model] = await workspace.models.list();
  expect(model).toMatchObject({
    id: 'tiny',
    origin: { kind: 'hub', repository: 'owner/tiny', revision: 'main', commit: 'c0ffee'.padEnd(40, '0') },
    chat: true,
  });
  expect(model?.files.find((f) => f.path === 'onnx/model.onnx')?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(await kept()).not.toContain('secret.bin');
  expect((await kept()).filter((f) => f.endsWith('.part'))).toEqual([]);
});

it('a model of the Hub that was forgotten is taken back as it was, hashes included, while its name is free', async () => {
  await ended((await start()).id);
  const before = (await workspace.models.list())[0];
  const removed = await workspace.models.remove('tiny' as ModelId);
  expect(await workspace.models.list()).toEqual([]);
  await workspace.models.restore(removed);
  expect(await workspace.models.list()).toEqual([before]);
  await expect(workspace.models.restore(removed)).rejects.toThrow('There is a model tiny again.');
});

it('[M2] a connection that is cut is taken up where it broke off, also by a server that knows no ranges', async () => {
  hub.faults.cuts = 3;
  expect(await ended((await start()).id)).toMatchObject({ state: 'succeeded' });
  expect(hub.asked.some((a) => /model\.onnx bytes=\d+-$/.test(a))).toBe(true);
  const whole = await readFile(path.join(home, 'models/tiny/onnx/model.onnx'));
  expect(whole).toEqual(Buffer.from(await tinySource(TINY, 1).read('onnx/model.onnx')));
  await workspace.models.remove((await workspace.models.list())[0]?.id as never);
});

it('[M2] ranges that are ignored begin anew', async () => {
  Object.assign(hub.faults, { cuts: 1, noRanges: true });
  expect(await ended((await start()).id)).toMatchObject({ state: 'succeeded' });
});

it('[M3] a file that is not what the Hub says is thrown away, and the model is not added', async () => {
  hub.faults.wrong = 'onnx/model.onnx';
  const run = await ended((await start()).id);
  expect(run.state).toBe('failed');
  expect(run.error).toContain('onnx/model.onnx is not what the Hub says it is (its SHA-256 differs)');
  expect(await workspace.models.list()).toEqual([]);
  expect((await kept()).filter((f) => f.includes('model.onnx'))).toEqual([]);
  // Small files are known by Git's hash.
  hub.faults = { wrong: 'config.json' };
  await workspace.runs.resume(run.id as RunId);
  hub.faults = {};
  expect(await ended(run.id)).toMatchObject({ state: 'succeeded' });
});

it('[M4] a busy Hub is waited for; what is stopped goes on from where it was, over a restart', async () => {
  hub.faults.slowMs = 40;
  const run = await start();
  await expect.poll(() => hub.asked.some((a) => a.endsWith('model.onnx'))).toBe(true);
  await expect.poll(async () => (await kept()).some((f) => f.endsWith('.part'))).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await workspace.runs.cancel(run.id as RunId)).toMatchObject({ state: 'cancelled' });
  await workspace.close();
  await open();
  hub.asked.length = 0;
  hub.faults = { busy: { times: 1, seconds: 0 } };
  await workspace.runs.resume(run.id as RunId);
  expect(await ended(run.id)).toMatchObject({ state: 'succeeded' });
  expect(hub.asked.some((a) => a.endsWith('/cdn/config.json'))).toBe(false);
  expect(hub.asked.some((a) => /model\.onnx bytes=\d+-$/.test(a))).toBe(true);
});

it('says what is wrong with a name, a repository and a precision', async () => {
  expect(() => hubReference('hub:tiny')).toThrow('names no repository of the Hub. Write hub:owner/name');
  expect(() => hubReference('hub:a/b@../../x')).toThrow('names no repository');
  expect(hubReference('https://huggingface.co/owner/tiny')).toEqual({
    repository: 'owner/tiny',
    revision: 'main',
  });
  await expect(start('hub:owner/none')).rejects.toThrow('There is no owner/none at that revision');
  await expect(workspace.downloads.start('hub:owner/tiny', undefined, 'q4')).rejects.toThrow(
    'precision: owner/tiny has no graph of q4; it has fp32.',
  );
});
