import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeTinyFolder } from '../packages/inference/src/testing/tiny-folder.fixture.ts';
import config from '../playwright.config.ts';
import { expectNoViolations } from './axe.ts';
import { importSums, ModelsPage } from './models-page.ts';
import { startServer, type TestServer } from './server.ts';

const launchOptions = config.use?.launchOptions;
test.use({
  launchOptions: {
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  },
});
test.setTimeout(240_000);

let server: TestServer;
let folder: string;
test.beforeAll(async () => {
  folder = await writeTinyFolder(join(mkdtempSync(join(tmpdir(), 'flywheel-gpu-')), 'tiny'));
  server = await startServer(['--no-demo']);
  await importSums(server, 12);
});
test.afterAll(async () => {
  await server.stop();
  rmSync(join(folder, '..'), { recursive: true });
});

test('on WebGPU a small model scores, samples and forks as on the server, and its adapter is kept with each result', async ({
  page,
}) => {
  const models = new ModelsPage(page, server);
  await models.open();
  await models.add(folder);
  await models.load('WebGPU');
  await expect(page.getByRole('cell', { name: /passed, off by/ })).toBeVisible({ timeout: 60_000 });
  await page.goto(`${server.origin}/models?launch=${encodeURIComponent('{"kind":"score","query":""}')}`);
  const scored = await models.launch({ Where: 'web-webgpu' });
  await models.ended(scored);
  await server.cli('score', 'tiny');
  const [row] = await models.sql(
    `SELECT count(*), max(abs(a.nats - b.nats)), min(a.ran_on->>'backend'), min(a.ran_on->>'adapter')
     FROM scores a JOIN scores b USING (trace_id) WHERE a.run_id = ${scored} AND b.run_id > ${scored}`,
  );
  expect(Number(row?.[0])).toBe(12);
  expect(Number(row?.[1])).toBeLessThan(2e-3);
  expect(row?.[2]).toBe('web-webgpu');
  expect(String(row?.[3])).toMatch(/swiftshader|google/i);

  await page.goto(`${server.origin}/samples?q=${encodeURIComponent('model:sums')}`);
  await page.locator('.trace-row').first().click();
  await expect(page.getByRole('group', { name: 'Surprise of tiny, nats a token' })).toBeVisible();
  await page.locator('.step').nth(1).click();
  await page.getByRole('link', { name: 'Fork at S1' }).click();
  const fork = await models.launch({ 'Samples of each': '4', 'Most tokens': '6', Where: 'web-webgpu' });
  await models.ended(fork);
  const [kept] = await models.sql(`SELECT count(*), min(steps_kept) FROM lineage WHERE run_id = ${fork}`);
  expect(kept?.map(Number)).toEqual([4, 1]);
});

test('a graphics process that crashes costs a tab its device, and the run nothing', async ({
  page,
  browser,
}) => {
  if (!(await server.cli('model', 'list')).includes('tiny')) await server.cli('model', 'add', folder);
  const models = new ModelsPage(page, server);
  await models.open(`?launch=${encodeURIComponent('{"kind":"sample","query":"model:sums"}')}`);
  const run = await models.launch({ 'Samples of each': '8', 'Most tokens': '40', Where: 'web-webgpu' });
  await expect(page.getByText(/This tab works for it: [1-9]/)).toBeVisible({ timeout: 120_000 });
  const devtools = await browser.newBrowserCDPSession();
  await devtools.send('Browser.crashGpuProcess');
  await models.ended(run, 200_000);
  const [row] = await models.sql(
    `SELECT count(*), count(DISTINCT trace_id), count(DISTINCT parent_id) FROM lineage WHERE run_id = ${run}`,
  );
  expect(row?.map(Number)).toEqual([96, 96, 12]);
});

test('[I40] a device that is lost while nobody asks anything: the model says so, and is loaded again', async ({
  page,
  browser,
}) => {
  if (!(await server.cli('model', 'list')).includes('tiny')) await server.cli('model', 'add', folder);
  const models = new ModelsPage(page, server);
  await models.open();
  await expect(page.getByText(/WebGPU: .*(swiftshader|google).*, binds up to/i)).toBeVisible();
  await models.load('WebGPU');
  const devtools = await browser.newBrowserCDPSession();
  await devtools.send('Browser.crashGpuProcess');
  await expect(page.getByText(/Failed on WebGPU: The graphics device was lost/)).toBeVisible({
    timeout: 60_000,
  });
  await expectNoViolations(page, 'models, failed');
  await page.getByRole('button', { name: 'Load again' }).click();
  await expect(page.getByText('In this tab on WebGPU')).toBeVisible({ timeout: 120_000 });
  await page.getByRole('radio', { name: 'Continue' }).click();
  await page.getByLabel('Text', { exact: true }).fill('3 + 4 = ');
  await page.getByLabel('Most tokens').fill('4');
  await page.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByText('4 tokens')).toBeVisible({ timeout: 60_000 });
});
