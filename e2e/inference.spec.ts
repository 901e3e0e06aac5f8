import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { Reference } from '../packages/inference/src/check/reference.ts';
import {
  CONFORMANCE,
  nodeSubject,
  type Oracle,
  plainOracle,
  SEED,
} from '../packages/inference/src/testing/conformance.ts';
import { TINY, tinySource } from '../packages/inference/src/testing/tiny-llama.fixture.ts';
import { startCommand } from '../packages/testkit/src/command.ts';
import { hasRealModel, InferencePage, REAL_MODEL, TINY_FILES } from './inference-page.ts';
import { startServer, type TestServer } from './server.ts';

let server: TestServer;
let oracle: Oracle;
test.beforeAll(async () => {
  server = await startServer(['--no-demo']);
  oracle = await plainOracle();
});
test.afterAll(() => server.stop());

/** Figures as JSON has them. */
const plain = (figures: object = {}): object =>
  Object.fromEntries(Object.entries(figures).map(([name, values]) => [name, Array.from(values)]));

/** Fails the test on anything that the page complains about, such as its own policy. */
const complaints = (page: Page): string[] => {
  const seen: string[] = [];
  page.on('pageerror', (error) => seen.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') seen.push(message.text());
  });
  return seen;
};

for (const threads of [1, 2])
  test(`a small model in a worker on WebAssembly, ${threads} thread(s), passes what every backend must`, async ({
    page,
  }) => {
    const seen = complaints(page);
    const model = new InferencePage(page);
    await model.open(server.url);
    const loaded = await model.loadBytes(tinySource(TINY, SEED), {
      backend: { name: 'web-wasm', threads },
    });
    expect(loaded).toMatchObject({ backend: 'web-wasm', threads, context: TINY.positions });
    for (const { name, check } of CONFORMANCE) await test.step(name, () => check(model.subject, oracle));
    await model.end();
    expect(seen).toEqual([]);
  });

test('the browser gives what the server gives: equal tokens, log-probabilities within 1e-4', async ({
  page,
}) => {
  const node = await nodeSubject();
  const model = new InferencePage(page);
  await model.open(server.url);
  await model.loadBytes(tinySource(TINY, SEED));
  const texts = ['12 + 30 = 42', 'a', 'The quick brown fox jumps over the lazy dog. '.repeat(4)];
  const ids = await model.call('encode', { texts });
  const [here, there] = [await node.score(ids), await model.subject.score(ids)];
  for (const [t, { logprob }] of here.entries())
    for (let i = 0; i < logprob.length; i++)
      expect(Math.abs((there[t]?.logprob[i] ?? 9) - (logprob[i] ?? 0))).toBeLessThan(1e-4);
  const requests = ids.map((prompt, seed) => ({ prompt, maxTokens: 16, sampling: {}, seed }));
  expect((await model.subject.generate(requests, 3)).map((a) => a.text)).toEqual(
    (await node.generate(requests, 3)).map((a) => a.text),
  );
  await node.close();
});

test('[I15] tokens are told as they come, and a call that is stopped ends between two of them', async ({
  page,
}) => {
  const model = new InferencePage(page);
  await model.open(server.url);
  await model.loadBytes(tinySource(TINY, SEED));
  const outcome = await page.evaluate(async () => {
    const { client } = (window as unknown as { model: import('../apps/web/src/app/inference.ts').OpenModel })
      .model;
    const controller = new AbortController();
    const told: string[] = [];
    const requests = Array.from({ length: 200 }, (_, seed) => ({
      prompt: [1, 2, 3],
      maxTokens: 200,
      sampling: { temperature: 1 },
      seed,
    }));
    const reason = await client
      .call(
        'generate',
        { requests, slots: 1 },
        {
          signal: controller.signal,
          onTold: ({ text }) => {
            told.push(text);
            if (told.length === 5) controller.abort(new Error('enough'));
          },
        },
      )
      .then(
        () => 'finished',
        (error: Error) => error.message,
      );
    // The worker is as good as before.
    const [score] = await client.call('score', { texts: [[1, 2, 3]] });
    const unloaded = client.call('generate', { requests }).catch((error: Error) => error.message);
    client.end();
    const later = await client.call('score', { texts: [[1, 2]] }).catch((error: Error) => error.message);
    return { reason, told, scored: score?.logprob.length, unloaded: await unloaded, later };
  });
  expect(outcome).toMatchObject({
    reason: 'enough',
    scored: 2,
    unloaded: 'The model was unloaded.',
    later: 'The model was unloaded.',
  });
  expect(outcome.told.length).toBeLessThan(40);
  expect(outcome.told[3]?.length).toBeGreaterThanOrEqual(outcome.told[2]?.length ?? 0);
});

test('[I15] a model that cannot be loaded says why, and its worker is gone', async ({ page }) => {
  const model = new InferencePage(page);
  await model.open(server.url);
  const broken = (path: string, read: () => Uint8Array<ArrayBuffer>) => {
    const source = tinySource(TINY, SEED);
    return { ...source, read: async (p: string) => (p === path ? read() : source.read(p)) };
  };
  const cut = (await tinySource(TINY, SEED).read('onnx/model.onnx')).slice(0, 5_000);
  await expect(model.loadBytes(broken('onnx/model.onnx', () => cut))).rejects.toThrow(/cut|end|byte/i);
  await expect(model.loadBytes(broken('config.json', () => new Uint8Array([123, 125])))).rejects.toThrow(
    /config.json of tiny 3 cannot be used/,
  );
  await expect.poll(() => page.workers()).toEqual([]);
});

test('`flywheel model check` runs a reference file in a browser that it opens itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flywheel-model-'));
  const source = tinySource(TINY, SEED);
  mkdirSync(join(folder, 'onnx'));
  for (const path of TINY_FILES) writeFileSync(join(folder, path), await source.read(path));
  const node = await nodeSubject();
  const [ids, prompt] = [Array.from({ length: 40 }, (_, i) => (i * 7) % 90), [3, 1, 4, 1, 5]];
  const [scored] = await node.score([ids]);
  const [answer] = await node.generate([{ prompt, maxTokens: 12, sampling: {}, seed: 0 }], 1);
  await node.close();
  const reference = {
    score: [
      {
        text: String.fromCharCode(...ids.map((id) => 32 + id)),
        ids,
        logprob: [],
        rank: [],
        entropy: [],
        ...plain(scored),
      },
    ],
    greedy: [
      {
        messages: [],
        prompt: '',
        prompt_ids: prompt,
        continuation_ids: answer?.ids,
        gap: answer?.ids.map(() => 1),
      },
    ],
    tokenizer: [{ text: 'a b', ids: [65, 0, 66] }],
  };
  writeFileSync(join(folder, 'reference.json'), JSON.stringify(reference));
  const checked = await startCommand(['model', 'check', folder, '--backend', 'web-wasm', '--json']).finished;
  rmSync(folder, { recursive: true });
  expect(checked.stderr).toBe('');
  const found = checked.json() as { score: { maxAbs: number; tokens: number }; greedy: object };
  expect(found).toMatchObject({ backend: 'web-wasm', tokenizer: { equal: 2, total: 2 } });
  expect(found.score.tokens).toBe(39);
  expect(found.score.maxAbs).toBeLessThan(1e-4);
  expect(found.greedy).toMatchObject({ equal: answer?.ids.length, total: answer?.ids.length });
});

test('[I13] the real model in a worker agrees with its float64 reference', async ({ page }) => {
  test.skip(!hasRealModel, `SKIPPED: ${REAL_MODEL} is absent; the browser was not checked on a real model.`);
  test.setTimeout(300_000);
  const model = new InferencePage(page);
  await model.open(server.url);
  const loaded = await model.loadFolder(REAL_MODEL);
  expect(loaded.report.notes.join()).toContain('unpacked to float32');
  const all = Reference.parse(JSON.parse(readFileSync(`${REAL_MODEL}/reference.json`, 'utf8')));
  const reference = {
    ...all,
    score: all.score.toSorted((a, b) => a.ids.length - b.ids.length).slice(0, 5),
    greedy: all.greedy.filter(({ continuation_ids }) => continuation_ids.length > 20).slice(0, 1),
  };
  const { tokenizer, chat, batches } = await model.call('check', { reference, batches: [1] });
  expect(tokenizer.equal).toBe(tokenizer.total);
  expect(chat).toEqual({ equal: 1, total: 1 });
  expect(batches[0]?.score.maxAbs).toBeLessThan(1e-4);
  expect(batches[0]?.score.ranks).toBe(0);
  expect(batches[0]?.greedy.total).toBeGreaterThan(10);
  expect(batches[0]?.greedy.equal).toBe(batches[0]?.greedy.total);
});
