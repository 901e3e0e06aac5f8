import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CriticBody, CriticHash, CriticId } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import { ProviderId, ProviderSettings } from '@flywheel/domain/provider';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const FIRST = CriticId.parse('first-error');
const hash = (n: number) => CriticHash.parse(n.toString(16).padStart(16, '0'));
const body = (n: number): CriticBody =>
  CriticBody.parse({
    system: 'You check solutions.\n',
    user: `{{ problem.prompt }} — ${n}`,
    schema: { type: 'object', required: ['first_error'] },
    params: { temperature: 0 },
    examples: {},
  });
const version = (n: number, parent: number | null = null) => ({
  critic: FIRST,
  body: body(n),
  hash: hash(n),
  title: `try ${n}`,
  parent,
});

let home: string;
let store: Store;
const restart = async (): Promise<void> => {
  await store.close();
  store = await openStore(home);
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-critics-'));
  store = await openStore(home);
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

it('[S50] versions number on, never change, and outlive a restart; an equal body is the version that is there', async () => {
  const first = await store.critics.save(version(1));
  expect(first).toMatchObject({ ...body(1), number: 1, hash: hash(1), title: 'try 1', parent: null });
  expect(await store.critics.save(version(2, 1))).toMatchObject({ number: 2, parent: 1 });
  expect(await store.critics.save({ ...version(1), title: 'another title' })).toEqual(first);
  await restart();
  expect((await store.critics.versions(FIRST)).map((v) => v.number)).toEqual([2, 1]);
  expect(await store.critics.version(FIRST, 1)).toEqual(first);
  expect(await store.critics.version(FIRST, 3)).toBeNull();
  expect(await store.critics.versions(CriticId.parse('nobody'))).toEqual([]);
});

it('[S50] versions that are saved at once get a number each', async () => {
  const saved = await Promise.all(Array.from({ length: 12 }, (_, n) => store.critics.save(version(n % 8))));
  expect(new Set(saved.map((v) => v.number))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
  expect(await store.critics.versions(FIRST)).toHaveLength(8);
});

it('[S50] a version of a parent that the critic does not have is refused, and leaves nothing', async () => {
  await expect(store.critics.save(version(1, 4))).rejects.toThrow('first-error has no version 4');
  expect(await store.critics.list()).toEqual([]);
});

it('[S50] critics are listed with their newest title; one that is put away stays, until it gets a new version', async () => {
  await store.critics.save(version(1));
  await store.critics.save({ ...version(3), critic: CriticId.parse('other') });
  await store.critics.save(version(2, 1));
  const [summary, other] = await store.critics.list();
  expect(summary).toMatchObject({ id: FIRST, versions: 2, title: 'try 2', archived: false });
  expect(other).toMatchObject({ id: 'other', versions: 1 });
  await store.critics.archive(FIRST, true);
  expect((await store.critics.list()).map((c) => [c.id, c.archived])).toEqual([
    [FIRST, true],
    ['other', false],
  ]);
  await store.critics.save(version(4, 2));
  expect((await store.critics.list())[0]).toMatchObject({ versions: 3, archived: false });
  await expect(store.critics.archive(CriticId.parse('nobody'), true)).rejects.toThrow('no critic nobody');
});

it('[S51] pins keep their order, are there once, and go with an import that is undone', async () => {
  const traces = [1, 2, 3, 4, 5].map((n) => ({
    id: n.toString(16).padStart(16, '0'),
    problemId: (100 + n).toString(16).padStart(16, '0'),
    task: 'sums',
    prompt: `Problem ${n}`,
    reference: null,
    model: 'm',
    source: 's',
    given: null,
    answer: '1',
    steps: ['one'],
    extra: {},
  }));
  const ids = traces.map((t) => t.id as TraceId);
  const imported = await store.imports.begin({ title: 't', mapping: {} });
  await store.imports.write(imported, traces.slice(0, 2));
  const second = await store.imports.begin({ title: 't', mapping: {} });
  await store.imports.write(second, traces.slice(2));
  const [a, b, c, d] = ids as [TraceId, TraceId, TraceId, TraceId, TraceId];
  await store.pins.add(FIRST, [c, a]);
  await store.pins.add(FIRST, [a, d, b]);
  await store.pins.add(CriticId.parse('other'), [b]);
  expect(await store.pins.list(FIRST)).toEqual([c, a, d, b]);
  await store.pins.remove(FIRST, [a]);
  await store.imports.undo(imported);
  expect(await store.pins.list(FIRST)).toEqual([c, d]);
  expect(await store.pins.list(CriticId.parse('other'))).toEqual([]);
  await expect(store.pins.add(FIRST, [a])).rejects.toThrow(`no trace ${a}`);
});

it('[S52] providers are kept without their keys, changed by name, and removed so that it can be undone', async () => {
  const settings = ProviderSettings.parse({
    id: 'local-vllm',
    kind: 'openai',
    baseUrl: 'http://127.0.0.1:8000/v1',
    prices: { '*': { input: 0.1, output: 0.4 } },
  });
  await store.providers.save({ ...settings, key: 'sk-secret' } as ProviderSettings);
  await store.providers.save({ ...settings, id: ProviderId.parse('another') });
  await store.providers.save({ ...settings, model: 'qwen' });
  await restart();
  const kept = await store.providers.list();
  expect(kept).toEqual([
    { ...settings, id: 'another' },
    { ...settings, model: 'qwen' },
  ]);
  expect(JSON.stringify(kept)).not.toContain('sk-secret');
  expect(await store.providers.remove(settings.id)).toEqual({ ...settings, model: 'qwen' });
  await expect(store.providers.remove(settings.id)).rejects.toThrow('no provider local-vllm');
});
