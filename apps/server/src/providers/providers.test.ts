import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { ProviderSettings } from '@flywheel/domain/provider';
import { temporaryHome } from '@flywheel/testkit/home';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import type { StubLlm } from '@flywheel/testkit/llm/stub-options';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataOf, type Served, served } from '../http/server.fixture.ts';
import { openKeys } from './keys.ts';

const KEY = 'sk-a-key-that-must-not-come-back';

const provider = (baseUrl: string, more: object = {}): ProviderSettings =>
  ProviderSettings.parse({ id: 'stub', kind: 'openai', baseUrl, model: 'stub-1', ...more });

describe('keys', () => {
  let home: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ home, remove } = await temporaryHome('keys'));
  });
  afterEach(() => remove());
  const here = provider('http://127.0.0.1:8000/v1');

  it('[R17] a key is kept encrypted, readable by its owner only, and found again', async () => {
    await (await openKeys(home, {})).set(here, KEY);
    for (const file of ['keys.json', 'keys.secret'])
      expect((await stat(path.join(home, file))).mode & 0o777).toBe(0o600);
    expect(await readFile(path.join(home, 'keys.json'), 'utf8')).not.toContain(KEY);
    const again = await openKeys(home, {});
    expect(await again.get(here)).toBe(KEY);
    expect(await again.describe(here)).toEqual({
      source: 'saved',
      origin: 'http://127.0.0.1:8000',
      stale: false,
    });
    await again.remove(here.id);
    expect(await again.get(here)).toBe(null);
  });

  it('[R17] a file that was left over is not written into, whoever may read it', async () => {
    const left = path.join(home, 'keys.json.new');
    await writeFile(left, '{}', { mode: 0o666 });
    await chmod(left, 0o666);
    const keys = await openKeys(home, {});
    await keys.set(here, KEY);
    expect((await stat(path.join(home, 'keys.json'))).mode & 0o777).toBe(0o600);
    expect(await keys.get(here)).toBe(KEY);
  });

  it('[R17] with FLYWHEEL_SECRET a key is derived once, and the event loop does not wait for it', async () => {
    await (await openKeys(home, { FLYWHEEL_SECRET: 'one' })).set(here, KEY);
    const keys = await openKeys(home, { FLYWHEEL_SECRET: 'one' });
    const busy = performance.eventLoopUtilization();
    const began = performance.now();
    expect(await keys.get(here)).toBe(KEY);
    const first = performance.now() - began;
    const { active } = performance.eventLoopUtilization(busy);
    expect(active).toBeLessThan(first / 2);
    const again = performance.now();
    for (let i = 0; i < 20; i++) expect(await keys.get(here)).toBe(KEY);
    // Twenty derivations would take twenty times the first read.
    expect(performance.now() - again).toBeLessThan(10 * first);
  });

  it('[R17] a key goes to the origin that it was saved for, and to no other', async () => {
    const keys = await openKeys(home, {});
    await keys.set(here, KEY);
    for (const moved of [
      'http://127.0.0.1:8001/v1',
      'https://127.0.0.1:8000/v1',
      'http://localhost:8000/v1',
    ]) {
      expect(await keys.get(provider(moved))).toBe(null);
      expect(await keys.describe(provider(moved))).toMatchObject({ stale: true });
    }
    expect(await keys.get(provider('http://127.0.0.1:8000/other'))).toBe(KEY);
    // One that swaps the entries of two providers gets neither key.
    await keys.set({ ...here, id: 'other' as ProviderSettings['id'] }, 'sk-of-the-other');
    const file = path.join(home, 'keys.json');
    const kept = JSON.parse(await readFile(file, 'utf8'));
    [kept.keys.stub, kept.keys.other] = [kept.keys.other, kept.keys.stub];
    await writeFile(file, JSON.stringify(kept));
    await expect(keys.get(here)).rejects.toThrow('cannot be decrypted');
    // Nor does one that shortens a tag, or changes a letter of what is kept.
    await keys.set(here, KEY);
    const sound = JSON.parse(await readFile(file, 'utf8'));
    const { tag, data } = sound.keys.stub;
    const other = data[0] === 'A' ? 'B' : 'A';
    for (const change of [
      { tag: Buffer.from(tag, 'base64').subarray(0, 4).toString('base64') },
      { data: other + data.slice(1) },
    ]) {
      await writeFile(
        file,
        JSON.stringify({ ...sound, keys: { ...sound.keys, stub: { ...sound.keys.stub, ...change } } }),
      );
      await expect(keys.get(here)).rejects.toThrow('cannot be decrypted');
    }
  });

  it('[R17] keys of the environment: one for a provider by name, vendors for their own addresses only', async () => {
    const keys = await openKeys(home, {
      OPENAI_API_KEY: 'sk-vendor',
      FLYWHEEL_KEY_MY_BOX: 'sk-box',
      FLYWHEEL_KEY_MY_BOX_ORIGIN: 'http://127.0.0.1:1',
    });
    expect(await keys.get(provider('https://api.openai.com/v1'))).toBe('sk-vendor');
    expect(await keys.get(provider('https://api.openai.com.example.org/v1'))).toBe(null);
    expect(await keys.get(provider('http://127.0.0.1:1/v1', { id: 'my-box' }))).toBe('sk-box');
    expect(await keys.get(provider('https://evil.example/v1', { id: 'my-box' }))).toBe(null);
    expect(await keys.describe(provider('http://127.0.0.1:1/v1', { id: 'constructor' }))).toBe(null);
  });

  it('[R17] another secret, or a file that is none, is said with its remedy, and nothing is overwritten', async () => {
    await (await openKeys(home, { FLYWHEEL_SECRET: 'one' })).set(here, KEY);
    const other = await openKeys(home, { FLYWHEEL_SECRET: 'two' });
    await expect(other.get(here)).rejects.toThrow('Save the key again');
    const file = path.join(home, 'keys.json');
    await expect((await openKeys(home, {})).get(here)).rejects.toThrow('keys.secret is missing');
    await writeFile(path.join(home, 'keys.secret'), 'damaged');
    await expect((await openKeys(home, {})).set(here, KEY)).rejects.toThrow('is damaged');
    await writeFile(file, 'not a key file');
    await expect(other.set(here, KEY)).rejects.toThrow('cannot be read');
    expect(await readFile(file, 'utf8')).toBe('not a key file');
  });
});

describe('over HTTP', () => {
  let s: Served;
  let stub: StubLlm;
  beforeEach(async () => {
    s = await served();
    stub = await startStubLlm({ answers: { kind: 'text', text: 'yes' }, key: KEY });
  });
  afterEach(async () => {
    await stub.close();
    await s.close();
  });
  const save = (settings: ProviderSettings, key?: string) => s.post('providers.save', { settings, key });
  interface Tested {
    ok: boolean;
    steps: { name: string; ok: boolean; detail: string; remedy: string }[];
  }
  const tested = async (): Promise<Tested> => dataOf<Tested>(await s.post('providers.test', { id: 'stub' }));
  const failing = async () => (await tested()).steps.find((step) => !step.ok);

  it('[R17] no answer holds a key: not the list, a test, an error, a query, a backup', async () => {
    const answers = [await save(provider(stub.url), KEY)];
    expect(await tested()).toMatchObject({ ok: true });
    answers.push(
      await s.ask('/trpc/providers.list'),
      await s.post('providers.test', { id: 'stub' }),
      await s.post('sql.query', { text: 'SELECT * FROM provider' }),
      await s.post('sql.query', { text: 'SELECT * FROM setting' }),
      await s.ask('/trpc/workspace.info'),
    );
    stub.change({ rules: [{ then: { kind: 'error', error: 'wrong-key' } }] });
    answers.push(await s.post('providers.test', { id: 'stub' }));
    for (const answer of answers) expect(answer.body).not.toContain(KEY);
    const { folder } = await s.workspace.backup();
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const kept = files.filter((f) => f.isFile()).map((f) => path.join(f.parentPath, f.name));
    expect(kept.length).toBeGreaterThan(0);
    const { keys } = JSON.parse(await readFile(path.join(s.home, 'keys.json'), 'utf8'));
    const secret = (await readFile(path.join(s.home, 'keys.secret'), 'utf8')).trim();
    for (const file of kept) {
      const bytes = await readFile(file);
      for (const hidden of [KEY, keys.stub.data, secret]) expect(bytes.includes(hidden), file).toBe(false);
    }
  });

  it('[R17] an endpoint that repeats the key, and a key that is none, do not make one show', async () => {
    const echo = createServer((request, response) =>
      response
        .writeHead(401)
        .end(JSON.stringify({ error: { message: `Bad ${request.headers.authorization}` } })),
    );
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    await save(provider(`http://127.0.0.1:${(echo.address() as AddressInfo).port}/v1`), KEY);
    const answers = [
      await s.post('providers.test', { id: 'stub' }),
      await s.ask(`/trpc/providers.models?input=${encodeURIComponent('{"id":"stub"}')}`),
      await save(provider(stub.url), `${KEY}\n${KEY}`),
    ];
    for (const answer of answers) expect(answer.body).not.toContain(KEY);
    expect(answers[2]?.status).toBe(400);
    echo.close();
  });

  it('[R18] a test says whether the endpoint is reached, the key accepted, the model there, the answer as asked', async () => {
    await save(provider(stub.url), KEY);
    stub.change({ answers: { kind: 'text', text: '{"ok": true}' } });
    const good = await tested();
    expect(good.steps.map((step) => [step.name, step.ok])).toEqual(
      ['endpoint', 'key', 'model', 'structured output', 'price'].map((name) => [name, true]),
    );
    expect(good.steps.slice(0, 4).map((step) => step.remedy)).toEqual(['', '', '', '']);
    stub.change({ answers: { kind: 'text', text: 'yes' } });
    const loose = (await tested()).steps.find((step) => step.name === 'structured output');
    expect(loose).toMatchObject({ ok: true, detail: expect.stringContaining('not in the JSON') });
    expect(loose?.remedy).toContain('Turn structured output on');
  });

  it('[R18] what fails is told at the step that it is about, why, and what to do', async () => {
    await save(provider(stub.url));
    expect((await tested()).steps).toMatchObject([
      { name: 'endpoint', ok: true },
      { name: 'key', ok: false, remedy: expect.stringContaining('Save the right key') },
    ]);
    await save(provider(stub.url), KEY);
    await save(provider(stub.url, { model: 'other' }));
    expect(await failing()).toMatchObject({
      name: 'model',
      detail: 'The server does not list "other".',
      remedy: expect.stringContaining('stub-1'),
    });
    await save(provider(stub.url));
    stub.change({ rules: [{ then: { kind: 'error', error: 'server-error' } }] });
    expect(await failing()).toMatchObject({
      name: 'structured output',
      remedy: expect.stringContaining('log'),
    });
    stub.change({ rules: [{ then: { kind: 'error', error: 'wrong-key' } }] });
    expect(await failing()).toMatchObject({ name: 'key' });
    await save(provider('http://127.0.0.1:9/v1'));
    expect(await failing()).toMatchObject({
      name: 'endpoint',
      detail: 'Nothing listens at http://127.0.0.1:9.',
      remedy: expect.stringContaining('Start the server'),
    });
    // A key that was saved for another address is not sent, and that is why it is missing.
    const other = await startStubLlm({ answers: { kind: 'text', text: 'yes' }, key: 'sk-another' });
    await save(provider(other.url));
    expect(await failing()).toMatchObject({ name: 'key', detail: expect.stringContaining(stub.origin) });
    await other.close();
    await writeFile(path.join(s.home, 'keys.secret'), 'damaged');
    await save(provider(stub.url));
    expect((await tested()).steps).toMatchObject([
      {
        name: 'key',
        ok: false,
        detail: expect.stringContaining('damaged'),
        remedy: expect.stringContaining('Restore'),
      },
    ]);
  });

  it('[R18] private and strange addresses are refused when they are saved; a redirect is not followed with the key', async () => {
    for (const url of [
      'http://10.0.0.1/v1',
      'http://169.254.169.254/latest',
      'http://[fd00::1]/v1',
      'http://0.0.0.0:1/v1',
    ])
      expect((await save(provider(url))).status, url).toBe(400);
    expect((await save(provider('http://10.0.0.1/v1', { allowPrivate: true }))).status).toBe(200);
    expect((await save(provider('http://169.254.169.254/v1', { allowPrivate: true }))).status).toBe(400);
    const seen: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const to = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/v1/models`;
    const turning = createServer((_, response) => response.writeHead(302, { location: to }).end());
    await new Promise<void>((resolve) => turning.listen(0, '127.0.0.1', resolve));
    await save(provider(`http://127.0.0.1:${(turning.address() as AddressInfo).port}/v1`), KEY);
    expect(await failing()).toMatchObject({
      name: 'endpoint',
      detail: expect.stringContaining('redirects to'),
    });
    expect(seen).toEqual([]);
    turning.close();
    elsewhere.close();
  });

  it('[R18] a provider that was removed comes back with its key; forgotten, without', async () => {
    await save(provider(stub.url), KEY);
    await s.post('providers.remove', { id: 'stub' });
    expect(dataOf(await s.ask('/trpc/providers.list'))).toEqual([]);
    await save(provider(stub.url));
    expect(await tested()).toMatchObject({ ok: true });
    await s.post('providers.remove', { id: 'stub', forget: true });
    await save(provider(stub.url));
    expect(dataOf(await s.ask('/trpc/providers.list'))).toMatchObject([{ id: 'stub', key: null }]);
  });
});
