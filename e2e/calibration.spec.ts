import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startServer, type TestServer } from './server.ts';

const FOLDER = join(import.meta.dirname, '../../shared/data/big-bench-mistake');

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer(['--no-demo']);
});
test.afterAll(() => server.stop());

test('gold of people: a verifier is measured, a disagreement read, reviewed, and taken out', async ({
  page,
}) => {
  test.skip(!existsSync(FOLDER), `${FOLDER} is absent: calibration was not walked on real labels`);
  await server.cli('import', join(FOLDER, 'multistep_arithmetic.dev.jsonl'));
  await page.goto(server.url);
  const { origin } = new URL(server.url);
  await page.goto(`${origin}/calibration?judge=verifier:equality-chain&gold=human:imported-gold`);
  const exact = page.getByRole('row', { name: /^exact position/ });
  await expect(exact).toContainText('150');
  const figure = Number(/0\.\d{3}/.exec((await exact.textContent()) ?? '')?.[0]);
  expect(figure).toBeGreaterThanOrEqual(0.94);

  await page
    .getByRole('link', { name: /^multistep_arithmetic\/\d+$/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/samples\?/);
  const pane = page.getByRole('complementary', { name: /^Trace multistep_arithmetic/ });
  await expect(pane.getByText('△ conflict')).toBeVisible();

  await page.goto(`${origin}/review?q=conflict%3Ayes`);
  await page.getByRole('textbox').fill('ada');
  await page.getByRole('textbox').press('Enter');
  await expect(page.getByRole('button', { name: /Commit and next/ })).toBeVisible();
  await page.keyboard.press('x');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/committed: first error S0/)).toBeVisible();

  await expect(async () => {
    await page.goto(`${origin}/samples?q=reviewer%3Aada`);
    await expect(page.getByLabel('Selected traces')).toHaveText(/^1 of 150/, { timeout: 2_000 });
  }).toPass();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Export' });
  await panel.getByLabel(/stepwise/).check();
  await panel.getByRole('button', { name: 'Export' }).click();
  const link = panel.getByRole('link', { name: /^Download/ });
  await expect(link).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const [line, ...more] = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n');
  expect(more).toEqual([]);
  expect(JSON.parse(line ?? '')).toMatchObject({ labels: [false] });
});
