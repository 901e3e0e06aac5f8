import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunId } from '@flywheel/domain/ids';
import { temporaryHome } from '@flywheel/testkit/home';
import { jsonl, seededTraces } from '@flywheel/testkit/traces';
import { afterEach, expect, it } from 'vitest';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace | null = null;
let removeHome = async (): Promise<void> => undefined;
afterEach(async () => {
  await workspace?.close();
  workspace = null;
  await removeHome();
});

const open = async (): Promise<{ home: string; workspace: Workspace }> => {
  const { home, remove } = await temporaryHome('imports');
  removeHome = remove;
  workspace = await openWorkspace(home);
  return { home, workspace };
};

const records = (n: number): unknown[] =>
  seededTraces(n).map((t, i) => ({
    problem: `${i}: ${t.prompt}`,
    steps: t.steps,
    label: -1,
    generator: 'm',
  }));

const upload = async (home: string, name: string, text: string): Promise<{ upload: string }> => {
  await mkdir(path.join(home, 'uploads'), { recursive: true });
  await writeFile(path.join(home, 'uploads', name), text);
  return { upload: name };
};

it('[R12] an import cut by a restart is finished as the same import, with the counts of the whole', async () => {
  const { home, workspace: first } = await open();
  const n = 30_000;
  const source = await upload(home, 'long.jsonl', `${jsonl(records(n))}\nnot json\n`);
  await upload(home, 'forgotten.jsonl', '{}');
  const run = await first.imports.start({ sources: [source], preset: 'processbench', verify: false });
  await expect
    .poll(async () => (await first.runs.get(run.id as RunId))?.done, { timeout: 30_000, interval: 5 })
    .toBeGreaterThan(0);
  await first.close();

  const second = await openWorkspace(home);
  workspace = second;
  expect(await readdir(path.join(home, 'uploads')), 'only what the run needs is kept').toEqual([
    'long.jsonl',
  ]);
  const [cut] = await second.store.imports.list();
  expect(cut?.id).toBe(1);
  expect(await second.runs.wait(run.id as RunId)).toMatchObject({ state: 'succeeded' });
  expect(await second.store.imports.list()).toMatchObject([
    { id: 1, state: 'done', imported: n, duplicates: 0, rejected: 1 },
  ]);
}, 60_000);

it('[R16] an import asked for twice is one while it is under way; other contents are another import', async () => {
  const { home, workspace } = await open();
  const text = jsonl(records(5_000));
  const ask = (source: { upload: string } | { path: string }) =>
    workspace.imports.start({ sources: [source], names: ['a.jsonl'], preset: 'processbench', verify: false });
  const uploads = [
    await upload(home, 'one.jsonl', text),
    await upload(home, 'two.jsonl', text),
    await upload(home, 'other.jsonl', text.replace('Problem 1:', 'Problem A:')),
  ];
  const [one, two, other] = await Promise.all(uploads.map(ask));
  expect(two?.id).toBe(one?.id);
  expect(other?.id).not.toBe(one?.id);

  const own = path.join(home, 'own.jsonl');
  await writeFile(own, text);
  const first = await ask({ path: own });
  expect((await ask({ path: own })).id).toBe(first.id);
  await writeFile(own, `${text}${text}`);
  expect((await ask({ path: own })).id).not.toBe(first.id);
  for (const run of await workspace.runs.list()) await workspace.runs.wait(run.id as RunId);
  expect((await ask({ path: own })).id, 'one that is over is not asked to do it again').not.toBe(first.id);
  for (const run of await workspace.runs.list()) await workspace.runs.wait(run.id as RunId);
}, 60_000);

it('[R13] an import that no run works on any more says so after a restart', async () => {
  const { home, workspace: first } = await open();
  await first.store.imports.begin({ title: 'left.jsonl', mapping: {} });
  await first.close();
  workspace = await openWorkspace(home);
  expect(await workspace.store.imports.list()).toMatchObject([{ state: 'interrupted', imported: 0 }]);
});

it('[R14] a file that is not there, a folder and a swept upload are refused by name, with the remedy', async () => {
  const { home, workspace: w } = await open();
  const start = (source: { path: string } | { upload: string }) =>
    w.imports.start({ sources: [source], verify: false });
  await expect(start({ path: path.join(home, 'none.jsonl') })).rejects.toThrow(
    /There is no file .*none\.jsonl/,
  );
  await expect(start({ path: home })).rejects.toThrow(/is a folder/);
  await expect(start({ path: '/dev/null' })).rejects.toThrow(/is not a plain file/);
  await expect(start({ upload: 'gone.jsonl' })).rejects.toThrow(/Choose it again/);
  await expect(start({ upload: '..' })).rejects.toThrow(/not the name of an upload/);
});

it('[R15] a guess comes with the fields of the sample, the first traces, and the lines that would be rejected', async () => {
  const { home, workspace: w } = await open();
  const lines = [
    JSON.stringify({ question: 'one?', meta: { level: 3 }, response: 'a\nb', who: 'x' }),
    'not json',
    JSON.stringify({ question: 'two?', meta: null, response: '' }),
  ];
  const source = await upload(home, 'odd.jsonl', lines.join('\n'));
  const found = await w.imports.guess(source, 'odd.jsonl');
  expect(found.preset).toBeNull();
  expect(found.fields.map((f) => f.path)).toEqual(['question', 'meta', 'meta.level', 'response', 'who']);
  expect(found.preview?.traces).toMatchObject([
    { line: 1, prompt: 'one?', steps: ['a', 'b'], stepCount: 2, gold: null },
  ]);
  expect(found.preview?.traces[0]?.extra.map((e) => e.name)).toEqual(['meta', 'who']);
  expect(found.preview?.rejects.map((r) => r.line)).toEqual([2, 3]);
  expect(found.preview?.rejects[0]?.reason).toMatch(/not JSON/);
});
