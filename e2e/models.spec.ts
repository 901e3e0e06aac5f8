import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeTinyFolder } from '../packages/inference/src/testing/tiny-folder.fixture.ts';
import { expectNoViolations } from './axe.ts';
import { hasRealModel, REAL_MODEL } from './inference-page.ts';
import { importSums, ModelsPage } from './models-page.ts';
import { startServer, type TestServer } from './server.ts';

const GSM8K = join(import.meta.dirname, '../../shared/data/gsm8k/example_model_solutions.jsonl');

let folder: string;
test.beforeAll(async () => {
  folder = await writeTinyFolder(join(mkdtempSync(join(tmpdir(), 'flywheel-models-')), 'tiny'));
});
test.afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

test('a small model is added from a folder, loaded, spoken to, unloaded, removed and brought back', async ({
  page,
}) => {
  const server = await startServer(['--no-demo']);
  const models = new ModelsPage(page, server);
  await models.open();
  await expect(page.getByText('A local model scores and samples traces')).toBeVisible();
  await models.add('/nowhere/at/all');
  await expect(page.getByText('There is no folder /nowhere/at/all.')).toBeVisible();
  await page.getByLabel('Folder on the server’s machine, or hub:owner/name').fill(folder);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'tiny', exact: true })).toBeVisible();
  await expectNoViolations(page, 'models, not loaded');
  await models.load('WebAssembly');

  await page.getByRole('radio', { name: 'Continue' }).click();
  await page.getByLabel('Text', { exact: true }).fill('What is 3 + 4? ');
  await page.getByLabel('Most tokens').fill('12');
  await page.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByText('12 tokens')).toBeVisible();
  const tokens = page.locator('.token');
  await expect(tokens).toHaveCount(12);
  await tokens.nth(3).hover();
  const card = page.getByRole('region', { name: 'Token 3' });
  await expect(card.getByText('the likeliest')).toBeVisible();
  const before = await tokens.allTextContents();
  // Another token in its place: what stood before stays, what comes after is new.
  await card.getByRole('button').nth(1).click();
  await expect(page.getByText('12 tokens')).toBeVisible();
  await expect.poll(async () => (await tokens.allTextContents())[3]).not.toBe(before[3]);
  expect((await tokens.allTextContents()).slice(0, 3)).toEqual(before.slice(0, 3));
  await page.getByRole('radio', { name: 'Read' }).click();
  await page.getByRole('button', { name: /^Read/ }).click();
  await expect(page.getByText(/14 tokens, .* nats a token/)).toBeVisible();
  await expectNoViolations(page, 'models, loaded');
  await expect(page.getByRole('cell', { name: /is what others are compared with/ })).toBeVisible({
    timeout: 20_000,
  });

  await page.getByRole('button', { name: 'Unload' }).click();
  await expect(page.getByText('Load the model into this tab to speak to it')).toBeVisible();
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('A local model scores and samples traces')).toBeVisible();
  await page.keyboard.press('u');
  await expect(page.getByRole('heading', { name: 'tiny', exact: true })).toBeVisible();
  await server.stop();
});

test('the console draws several samples, ends at a stop text, goes on with a conversation, and is worked by keys alone', async ({
  page,
}) => {
  const server = await startServer(['--no-demo']);
  await server.cli('model', 'add', folder);
  const models = new ModelsPage(page, server);
  await models.open();
  await page.keyboard.press('l');
  await expect(page.getByText('In this tab on WebAssembly')).toBeVisible({ timeout: 60_000 });

  const message = page.getByLabel('Message');
  await message.fill('What is 3 + 4? ');
  await page.getByRole('spinbutton', { name: 'Samples' }).fill('3');
  await page.getByLabel('Temperature').fill('1.3');
  await page.getByLabel('Most tokens').fill('10');
  await page.getByText('Cuts, penalty, stop texts').click();
  await page.getByLabel('Top-p').fill('7');
  await expect(page.getByText('From 0.01 to 1.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ask' })).toBeDisabled();
  await page.getByLabel('Top-p').fill('1');
  await message.press('Control+Enter');
  await expect(page.getByText('30 tokens')).toBeVisible();
  const sample = (i: number) => page.getByRole('group', { name: `Tokens of sample ${i}` });
  const texts = await Promise.all([0, 1, 2].map((i) => sample(i).textContent()));
  expect(new Set(texts).size).toBe(3);

  // A text of the first sample, as a stop text: the same question then ends before it.
  const stop = texts[0]?.slice(3, 5) ?? '';
  await page.getByLabel('Ends before, one text a line').fill(stop);
  await message.press('Control+Enter');
  await expect(page.getByText('Sample 0 ended')).toBeVisible();
  const cut = await sample(0).textContent();
  expect(texts[0]?.startsWith(cut ?? '?')).toBe(true);
  expect(cut?.length).toBeLessThan(10);
  await page.getByLabel('Ends before, one text a line').fill('');
  await message.press('Control+Enter');
  await expect(page.getByText('30 tokens')).toBeVisible();

  // With keys: to a token, along the row, to another token in its place.
  await sample(1).getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const card = page.getByRole('region', { name: 'Token 2' });
  await sample(1).getByRole('button').nth(7).hover();
  await expect(card).toBeVisible();
  const other = card.getByRole('button', { disabled: false }).first();
  await other.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('10 tokens')).toBeVisible();
  await expect(sample(1).getByRole('button').nth(2)).toBeFocused();
  await expect(sample(1).getByRole('button')).toHaveCount(13);
  expect((await sample(1).textContent())?.slice(0, 2)).toBe(texts[1]?.slice(0, 2));
  expect((await sample(1).textContent())?.[2]).not.toBe(texts[1]?.[2]);
  expect([await sample(0).textContent(), await sample(2).textContent()]).toEqual([texts[0], texts[2]]);

  await page.getByRole('button', { name: 'Reply to it' }).nth(2).click();
  const turns = page.getByRole('list', { name: 'What was said before' }).getByRole('listitem');
  await expect(turns).toHaveText(['youWhat is 3 + 4? ', `model${texts[2]}`]);
  await expect(message).toBeFocused();
  await page.keyboard.type('And 5?');
  await page.getByRole('spinbutton', { name: 'Samples' }).fill('1');
  await page.getByLabel('Temperature').fill('0');
  await message.press('Control+Enter');
  await expect(page.getByText('10 tokens')).toBeVisible();
  const answer = await page.getByRole('group', { name: 'Tokens of the answer' }).textContent();
  await expectNoViolations(page, 'models, a conversation');
  // The model’s template says the turns one after another: it reads the same as one text.
  await page.getByRole('radio', { name: 'Continue' }).click();
  await page.getByLabel('Text', { exact: true }).fill(`What is 3 + 4? ${texts[2]}And 5?`);
  await page.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByText('10 tokens')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Tokens of the answer' })).toHaveText(answer ?? '?');
  await server.stop();
});

test('a folder that is picked is of this tab only, and says what it lacks', async ({ page }) => {
  const server = await startServer(['--no-demo']);
  const models = new ModelsPage(page, server);
  await models.open();
  await page.getByRole('button', { name: 'Add a model' }).click();
  await page.getByLabel('Pick a folder for this tab').setInputFiles(join(folder, 'onnx'));
  await expect(page.getByText(/config\.json of onnx cannot be used/)).toBeVisible();
  await page.getByLabel('Pick a folder for this tab').setInputFiles(folder);
  await expect(page.getByRole('heading', { name: 'tiny (this tab)' })).toBeVisible();
  await expect(page.getByText('a folder that was picked; it is of this tab only')).toBeVisible();
  await models.load('WebAssembly');
  await page.getByRole('radio', { name: 'Read' }).click();
  await page.getByLabel('Text', { exact: true }).fill('3 + 4 = 7');
  await page.getByRole('button', { name: /^Read/ }).click();
  await expect(page.getByText(/8 tokens, .* nats a token/)).toBeVisible();
  await expect(page.getByRole('group', { name: 'The text' })).toHaveText('3 + 4 = 7');
  await page.getByRole('button', { name: 'Unload' }).click();
  await expect(page.getByRole('button', { name: 'WebAssembly', exact: true })).toBeVisible();
  expect(await server.cli('model', 'list', '--json')).not.toContain('tiny');
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('A local model scores and samples traces')).toBeVisible();
  await server.stop();
});

test.describe('runs of a small model', () => {
  let server: TestServer;
  test.beforeAll(async () => {
    server = await startServer(['--no-demo']);
    await importSums(server, 40);
    await server.cli('model', 'add', folder);
  });
  test.afterAll(() => server.stop());

  test('scores traces in a tab as it does on the server; the surprise stands beside the steps', async ({
    page,
  }) => {
    const models = new ModelsPage(page, server);
    await models.open(`?launch=${encodeURIComponent('{"kind":"score","query":"error:0"}')}`);
    const here = await models.launch({ Where: 'web-wasm' });
    await models.ended(here);
    await expect(page.getByText('done by')).toBeVisible();
    // Half of the sums are wrong: whoever flags by surprise is told how many of what it flags are.
    await expect(page.getByRole('row', { name: /^verifiers: flawed/ })).toBeVisible();
    await page.getByRole('button', { name: /^Flag \d+/ }).click();
    await expect(page.getByText(/\d traces flagged/)).toBeVisible();
    await page.keyboard.press('u');
    await expect(page.getByText(/^Undone/)).toBeVisible();
    await expectNoViolations(page, 'a run of scores');
    await server.cli('score', 'tiny', '--slice', 'error:0');
    const [row] = await models.sql(
      `SELECT count(*), max(abs(a.nats - b.nats)), min(a.tokens) FROM scores a JOIN scores b USING (trace_id) WHERE a.run_id = ${here} AND b.run_id > ${here}`,
    );
    expect(Number(row?.[0])).toBe(20);
    expect(Number(row?.[1])).toBeLessThan(2e-3);

    await page.goto(`${server.origin}/samples?q=${encodeURIComponent('surprise:0.1..')}`);
    await expect(page.getByText('20 of 40')).toBeVisible();
    await page.locator('.trace-row').first().click();
    const strip = page.getByRole('group', { name: 'Surprise of tiny, nats a token' });
    await expect(strip.getByRole('button', { name: /^S\d: / })).toHaveCount(2);
    await page.getByRole('button', { name: 'Tokens', exact: true }).click();
    await expect(page.locator('.token-shade').first()).toBeVisible();
    await expectNoViolations(page, 'samples, with surprise');
  });

  test('samples, forks at a step, and what it wrote is linked, counted and flagged', async ({ page }) => {
    const models = new ModelsPage(page, server);
    await models.open(`?launch=${encodeURIComponent('{"kind":"sample","query":"steps:2"}')}`);
    await expect(models.launchDialog.getByText('problems among them')).toHaveCount(0);
    const run = await models.launch({
      'Over the traces that fit': 'error:0',
      'Samples of each': '4',
      'Most tokens': '8',
      Where: 'worker',
    });
    await models.ended(run);
    await expect(page.getByText('pass@4')).toBeVisible();
    await expect(page.getByText('20 problems, 4 each')).toBeVisible();
    await expect(page.getByText('Hits 0 of 80 traces')).toBeVisible();
    await expectNoViolations(page, 'a run of samples');

    await page.goto(`${server.origin}/samples?q=${encodeURIComponent('-source:"run-1" model:sums error:0')}`);
    await page.locator('.trace-row').first().click();
    await page.locator('.step').nth(1).click();
    await page.getByRole('link', { name: 'Fork at S1' }).click();
    const fork = await models.launch({ 'Samples of each': '2', 'Most tokens': '6', Where: 'web-wasm' });
    await models.ended(fork);
    const rows = await models.sql(
      `SELECT kind, steps_kept, sample FROM lineage WHERE run_id = ${fork} ORDER BY sample`,
    );
    expect(rows.map((r) => r.map(String))).toEqual([
      ['fork', '1', '0'],
      ['fork', '1', '1'],
    ]);
    await page.goto(`${server.origin}/samples?q=${encodeURIComponent(`source:run-${fork}`)}`);
    await page.locator('.trace-row').first().click();
    await expect(page.getByRole('heading', { name: 'Written for' })).toBeVisible();
    await expect(page.getByText('fork at S1')).toBeVisible();
  });

  test('a tab that is closed in the middle loses nothing: another goes on', async ({ page, context }) => {
    const models = new ModelsPage(page, server);
    await models.open(`?launch=${encodeURIComponent('{"kind":"sample","query":"model:sums"}')}`);
    const run = await models.launch({ 'Samples of each': '16', 'Most tokens': '160', Where: 'web-wasm' });
    const [progress] = [page.getByRole('group', { name: `Details of run ${run}` })];
    await expect(progress.getByText(/This tab works for it: [1-9]/)).toBeVisible({ timeout: 60_000 });
    const second = await context.newPage();
    await second.goto(`${server.origin}/runs?run=${run}`);
    await expect(second.getByText('Another tab of this browser works for it.')).toBeVisible();
    await page.close();
    await expect(second.getByText(/This tab works for it/)).toBeVisible({ timeout: 30_000 });
    await second.close();
    // Nobody is there: the run waits.
    const third = await context.newPage();
    await third.goto(`${server.origin}/runs?run=${run}`);
    const again = new ModelsPage(third, server);
    await again.ended(run);
    const [row] = await again.sql(
      `SELECT count(*), count(DISTINCT trace_id), count(DISTINCT parent_id) FROM lineage WHERE run_id = ${run}`,
    );
    expect(row?.map(Number)).toEqual([640, 640, 40]);
  });
});

test('the real model, from its folder: scores 8 solutions in the tab, 4 samples, a fork (skipped where it is absent)', async ({
  page,
}) => {
  test.skip(!hasRealModel || !existsSync(GSM8K), 'the shared model or data is not on this machine');
  test.setTimeout(300_000);
  const server = await startServer(['--no-demo']);
  try {
    await server.cli('import', '--preset', 'gsm8k-solutions', GSM8K);
    const models = new ModelsPage(page, server);
    await models.open();
    await models.add(REAL_MODEL);
    await models.load('WebAssembly');
    const [ids] = [await models.sql('SELECT id FROM traces ORDER BY problem_ordinal, id LIMIT 8')];
    const query = `id:${ids.map(([id]) => id).join(',')}`;
    await page.goto(
      `${server.origin}/models?launch=${encodeURIComponent(JSON.stringify({ kind: 'score', query }))}`,
    );
    const scored = await models.launch({ Where: 'web-wasm' });
    await models.ended(scored, 200_000);
    await server.cli('score', 'smollm2-135m-instruct', '--slice', query);
    const [row] = await models.sql(
      `SELECT count(*), max(abs(a.nats - b.nats) / a.tokens) FROM scores a JOIN scores b USING (trace_id) WHERE a.run_id = ${scored} AND b.run_id > ${scored}`,
    );
    expect(Number(row?.[0])).toBe(8);
    expect(Number(row?.[1])).toBeLessThan(1e-4);

    await page.goto(`${server.origin}/samples?q=${encodeURIComponent(query)}`);
    await page.locator('.trace-row').first().click();
    await expect(page.getByRole('group', { name: /^Surprise of smollm2/ })).toBeVisible();
    await page.getByRole('link', { name: 'Sample', exact: true }).click();
    const sampled = await models.launch({ 'Most tokens': '24', Where: 'web-wasm' });
    await models.ended(sampled, 200_000);
    const [written] = await models.sql(`SELECT count(*) FROM lineage WHERE run_id = ${sampled}`);
    expect(Number(written?.[0])).toBe(4);

    await page.goto(`${server.origin}/samples?q=${encodeURIComponent(query)}`);
    await page.locator('.trace-row').first().click();
    await page.locator('.step').nth(1).click();
    await page.getByRole('link', { name: 'Fork at S1' }).click();
    const fork = await models.launch({ 'Samples of each': '2', 'Most tokens': '16', Where: 'web-wasm' });
    await models.ended(fork, 200_000);
    const [kept] = await models.sql(`SELECT min(steps_kept) FROM lineage WHERE run_id = ${fork}`);
    expect(Number(kept?.[0])).toBe(1);
  } finally {
    await server.stop();
  }
});
