import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { startServer, type TestServer } from './server.ts';

const GSM8K = new URL('../../shared/data/gsm8k/example_model_solutions.jsonl', import.meta.url).pathname;

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('the demo opens: facets, list and an opened trace, verbatim', async ({ page }) => {
  await page.goto(server.url);
  await expect(page).toHaveTitle('Samples · Flywheel');
  await expect(page).not.toHaveURL(/token/);
  await expect(page.getByLabel('Selected traces')).toContainText(/^\d+ of \d+$/);
  await page.getByRole('row').nth(1).click();
  await expect(page.getByRole('heading', { name: /^Steps \d+/ })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.target}`)).toEqual([]);
});

test('a query with an error says where, and what is right of it still filters', async ({ page }) => {
  await page.goto(server.url);
  await page.getByLabel('Query').fill('outcome:rong');
  await expect(
    page.getByRole('alert').filter({ hasText: '`outcome` is one of right, wrong, none, unknown.' }),
  ).toBeVisible();
  await page.getByLabel('Query').fill('outcome:wrong');
  await page.getByLabel('Query').press('Enter');
  await expect(page).toHaveURL(/q=outcome%3Awrong/);
  await expect(page.getByRole('checkbox', { name: /wrong/ })).toBeChecked();
});

test('a request without a session, from a foreign origin or to a foreign host is refused', async ({
  request,
}) => {
  const { origin } = new URL(server.url);
  expect((await request.get(`${origin}/trpc/workspace.info`)).status()).toBe(401);
  expect((await request.get(server.url, { headers: { host: 'evil.example' } })).status()).toBe(403);
  expect((await request.get(server.url, { headers: { origin: 'http://evil.example' } })).status()).toBe(403);
});

test('real traces: import, filter, review', async ({ page }) => {
  test.skip(!existsSync(GSM8K), `${GSM8K} is absent: the main job was not walked on real traces`);
  await page.goto(server.url);
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await page.getByLabel('Files to import').setInputFiles(GSM8K);
  await page.getByRole('button', { name: /^Import/ }).click();
  const row = page.getByRole('row', { name: /example_model_solutions/ });
  await expect(row).toContainText('5,276', { timeout: 30_000 });
  await expect(row).toContainText('done');
  await page.goto(`${new URL(server.url).origin}/samples?q=task%3Agsm8k`);
  await expect(page.getByLabel('Selected traces')).toContainText('5,276 of');
  await page.getByRole('button', { name: /^Review g/ }).click();
  await page.getByRole('textbox').fill('ada');
  await page.getByRole('textbox').press('Enter');
  await expect(page.getByRole('button', { name: /Commit and next/ })).toBeVisible();
  await page.keyboard.press('x');
  await expect(page.getByText('S0 set as first error')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/committed: first error S0/)).toBeVisible();
  await expect
    .poll(async () => {
      await page.goto(`${new URL(server.url).origin}/samples?q=reviewed%3Ayes`);
      return page.getByLabel('Selected traces').textContent();
    })
    .toMatch(/^1 of/);
});
