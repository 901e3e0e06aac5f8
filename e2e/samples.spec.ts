import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { startServer, type TestServer } from './server.ts';

const GSM8K = join(import.meta.dirname, '../../shared/data/gsm8k/example_model_solutions.jsonl');

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

const open = async (page: Page, search = '') => {
  await page.goto(server.url);
  await page.goto(`${new URL(server.url).origin}/samples${search}`);
  await expect(page.getByRole('row').nth(1)).not.toHaveAttribute('aria-busy');
};
const count = (page: Page) => page.getByLabel('Selected traces');
const query = (page: Page) => page.getByRole('combobox', { name: 'Query' });
const ofDemo = async (page: Page) => Number(/of ([\d,]+)/.exec((await count(page).textContent()) ?? '')?.[1]);

test('facets: a filter keeps its other values, undo and redo bring queries back, the URL has it all', async ({
  page,
}) => {
  await open(page);
  const all = await ofDemo(page);
  const facets = page.getByRole('complementary', { name: 'Facets' });
  await facets.getByRole('checkbox', { name: /^wrong/ }).check();
  await expect(page).toHaveURL(/outcome%3Awrong/);
  await expect(count(page)).not.toHaveText(`${all} of ${all}`);
  await expect(facets.getByRole('checkbox', { name: /^right/ })).not.toBeChecked();
  const wrong = await count(page).textContent();
  await facets.getByRole('button', { name: /^Steps 3:/ }).click();
  await expect(page).toHaveURL(/steps%3A3/);
  await page.getByRole('button', { name: 'Undo filter' }).click();
  await expect(count(page)).toHaveText(wrong ?? '');
  await page.getByRole('button', { name: 'Redo filter' }).click();
  await expect(page).toHaveURL(/steps%3A3/);
  await page.getByRole('button', { name: 'Remove outcome:wrong' }).click();
  await expect(page).not.toHaveURL(/outcome/);
  await page.goBack();
  await expect(page).toHaveURL(/outcome%3Awrong.*steps%3A3/);
});

test('the query bar completes fields and values, and marks an error at its place', async ({ page }) => {
  await open(page);
  await query(page).click();
  await page.keyboard.type('outc');
  await page.keyboard.press('Tab');
  await expect(query(page)).toHaveValue('outcome:');
  await expect(page.getByRole('option', { name: /wrong/ })).toBeVisible();
  await page.keyboard.type('wr');
  await page.keyboard.press('Tab');
  await expect(query(page)).toHaveValue('outcome:wrong ');
  await page.keyboard.type('model:');
  await expect(page.getByRole('option').first()).toContainText(/\d/);
  await page.keyboard.press('Escape');
  await query(page).fill('outcome:rong');
  await expect(page.getByRole('alert').filter({ hasText: 'rong at 9' })).toBeVisible();
  await query(page).fill('outcome:wrong');
  await query(page).press('Enter');
  await expect(page).toHaveURL(/q=outcome%3Awrong/);
});

test('keys: n and p go through the list, j and k through the steps, Esc closes', async ({ page }) => {
  await open(page);
  await page.getByRole('row').nth(1).click();
  const pane = page.getByRole('complementary', { name: /^Trace/ });
  await expect(pane).toBeVisible();
  const first = new URL(page.url()).searchParams.get('trace');
  await page.keyboard.press('n');
  await expect(page.getByLabel('Go to row')).toHaveValue('2');
  await expect.poll(() => new URL(page.url()).searchParams.get('trace')).not.toBe(first);
  await page.keyboard.press('p');
  await expect.poll(() => new URL(page.url()).searchParams.get('trace')).toBe(first);
  await expect(page.getByLabel('Go to row')).toHaveValue('1');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(pane.locator('[aria-current="step"]')).toContainText('S1');
  await page.getByLabel('Go to row').fill('100');
  await page.getByLabel('Go to row').press('Enter');
  await expect(page.getByRole('row', { selected: true })).toHaveAttribute('aria-rowindex', '101');
  await page.getByRole('grid', { name: 'Traces' }).focus();
  await page.keyboard.press('End');
  await expect(page.getByLabel('Go to row')).toHaveValue(String(await ofDemo(page)));
  await page.keyboard.press('Escape');
  await expect(pane).toBeHidden();
});

test('sorting by a column and back; text search marks its words', async ({ page }) => {
  await open(page);
  const steps = page.getByRole('columnheader', { name: 'Steps' });
  await steps.getByRole('button').click();
  await expect(steps).toHaveAttribute('aria-sort', 'ascending');
  await steps.getByRole('button').click();
  await expect(page).toHaveURL(/sort=-steps/);
  await expect(steps).toHaveAttribute('aria-sort', 'descending');
  await steps.getByRole('button').click();
  await expect(page).not.toHaveURL(/sort=/);
  await query(page).fill('result OR so');
  await query(page).press('Enter');
  await expect(page.locator('.trace-row mark').first()).toHaveText(/result|so/i);
});

test('acts on everything that matches: tag with undo, a slice saved and opened, a frozen selection', async ({
  page,
}) => {
  await open(page, '?q=outcome%3Awrong');
  const wrong = Number((await count(page).textContent())?.split(' ')[0]);
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await page.getByLabel(/^Tag all/).fill('two words');
  await expect(page.getByRole('alert').filter({ hasText: 'no spaces' })).toBeVisible();
  await page.getByLabel(/^Tag all/).fill('hard');
  await page.getByRole('dialog', { name: 'Tag' }).getByRole('button', { name: 'Tag' }).click();
  await expect(page.getByText(`Tagged ${wrong} traces: hard`)).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /^hard/ })).toBeVisible();
  await page.getByRole('button', { name: /^Undo/ }).last().click();
  await expect(page.getByRole('checkbox', { name: /^hard/ })).toBeHidden();

  await page.getByRole('button', { name: 'Slices' }).click();
  await page.getByLabel('Save this query as a slice').fill('wrong ones');
  await page.getByRole('button', { name: 'Save slice' }).click();
  await expect(page.getByText('Saved slice wrong ones')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the query' }).click();
  await page.getByRole('button', { name: 'Slices' }).click();
  await page.getByRole('button', { name: /wrong ones outcome:wrong/ }).click();
  await expect(page).toHaveURL(/outcome%3Awrong/);

  await page.getByRole('button', { name: 'Freeze', exact: true }).click();
  await page.getByLabel(/^Freeze these/).fill('frozen');
  await page.getByRole('dialog').getByRole('button', { name: 'Freeze' }).click();
  await expect(page.getByText(`${wrong} traces added to selection frozen`)).toBeVisible();
  await query(page).fill('selection:frozen');
  await query(page).press('Enter');
  await expect(count(page)).toHaveText(new RegExp(`^${wrong} of`));
});

test('export writes what the filter shows, and nothing else', async ({ page }) => {
  await open(page, '?q=outcome%3Awrong');
  const wrong = Number((await count(page).textContent())?.split(' ')[0]);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Export' });
  await panel.getByLabel(/JSON Lines/).check();
  await panel.getByRole('button', { name: 'Export' }).click();
  const link = panel.getByRole('link', { name: /^Download/ });
  await expect(link).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines.length).toBe(wrong);
  expect(lines.every((line) => JSON.parse(line).outcome === 'wrong')).toBe(true);
});

test('real traces: verbatim text, a false calculation put right, other models side by side', async ({
  page,
}) => {
  test.skip(!existsSync(GSM8K), `${GSM8K} is absent: Samples was not walked on real traces`);
  await server.cli('import', GSM8K);
  await server.cli('judge', 'calc-annotations', '--slice', 'task:gsm8k');
  const flawed = `SELECT count(DISTINCT trace_id) FROM judgements WHERE judge = 'verifier:calc-annotations' AND verdict = 'flawed'`;
  expect(await server.cli('sql', flawed)).toMatch(/^41$/m);
  await open(page, '?q=task%3Agsm8k+judge%3Averifier%3Acalc-annotations+error%3A0+orange');
  await page.getByRole('row', { name: /10 liters of orange drink.*175b_verification/ }).click();
  const pane = page.getByRole('complementary', { name: /^Trace gsm8k/ });
  await expect(pane.locator('.false-claim').first()).toContainText('<<10*(2/3)=8>>');
  await expect(pane.locator('s').first()).toHaveText('8');
  await expect(pane.getByLabel('should be 6.667').first()).toBeVisible();
  await pane.getByRole('button', { name: 'Compare' }).click();
  await expect(page).toHaveURL(/view=compare/);
  await pane.getByLabel('Compare with').selectOption({ index: 1 });
  await expect(pane.getByRole('listitem').first()).toContainText('S0');
  await page.keyboard.press('d');
  await expect(page).not.toHaveURL(/view=/);
});

test('text of a trace is never taken for markup, verbatim or rendered', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'flywheel-hostile-'));
  const file = join(folder, 'hostile.jsonl');
  const step =
    '<img src=x onerror="window.__pwned=1"> **bold** [l](javascript:window.__pwned=1) $\\def\\a{\\a\\a}\\a$';
  writeFileSync(
    file,
    `${JSON.stringify({ problem: 'Hostile?', steps: [step, '6*8 = <<6*8=48>>48'], label: -1 })}\n`,
  );
  try {
    await server.cli('import', file, '--preset', 'processbench');
    await open(page, '?q=Hostile');
    await page.getByRole('row', { name: /Hostile/ }).click();
    const pane = page.getByRole('complementary', { name: /^Trace/ });
    await expect(pane.getByText(step, { exact: true })).toBeVisible();
    await expect(pane.getByText('6*8 = <<6*8=48>>48', { exact: true })).toBeVisible();
    await page.keyboard.press('m');
    await expect(pane.locator('strong')).toHaveText('bold');
    await expect(pane.locator('img, a[href^="javascript"]')).toHaveCount(0);
    expect(await page.evaluate(() => (window as { __pwned?: number }).__pwned)).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
