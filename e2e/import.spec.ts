import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { expect, type Page, test } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { startServer, type TestServer } from './server.ts';

const BIG_BENCH = ['dyck_languages', 'multistep_arithmetic', 'tracking_shuffled_objects'].map((name) =>
  join(import.meta.dirname, `../../shared/data/big-bench-mistake/${name}.dev.jsonl`),
);

let server: TestServer;
let folder: string;
test.beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'flywheel-import-'));
});
test.afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (page: Page): Promise<void> => {
  await page.goto(server.url);
  await page.goto(`${new URL(server.url).origin}/import`);
  await expect(page.getByRole('heading', { name: 'Import', exact: true })).toBeVisible();
};
const choose = (page: Page, files: string | string[]) =>
  page.getByLabel('Files to import').setInputFiles(files);
const importButton = (page: Page) => page.getByRole('button', { name: /^Import/ });
const row = (page: Page, name: RegExp | string) => page.getByRole('row', { name });
const mapping = (page: Page) => page.getByRole('region', { name: /^Mapping of/ });
const preview = (page: Page) => page.getByRole('region', { name: /^Preview of/ });
const write = (name: string, records: readonly unknown[]): string => {
  const file = join(folder, name);
  const lines = records.map((r) => (typeof r === 'string' ? r : JSON.stringify(r)));
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
};

test('three BIG-Bench-Mistake files are recognised and imported with one click', async ({ page }) => {
  test.setTimeout(120_000);
  test.skip(!BIG_BENCH.every(existsSync), 'the BIG-Bench-Mistake files are absent: not imported here');
  await open(page);
  await choose(page, BIG_BENCH);
  await expect(mapping(page)).toContainText('Guessed: BIG-Bench-Mistake, it has `steps` and `mistake_index`');
  await expect(
    preview(page)
      .getByText(/gold: (first error S\d+|clean)/)
      .first(),
  ).toBeVisible();
  await page.getByLabel('Run verifiers after import').uncheck();
  await page.getByRole('button', { name: 'Import 3 files' }).click();
  for (const file of BIG_BENCH) {
    const lines = readFileSync(file, 'utf8').trim().split('\n').length;
    await expect(row(page, new RegExp(basename(file)))).toContainText(/done/, { timeout: 60_000 });
    await expect(row(page, new RegExp(basename(file)))).toContainText(lines.toLocaleString('en'));
  }
  await row(page, /dyck_languages/)
    .getByRole('link', { name: 'Open in Samples' })
    .click();
  await expect(page).toHaveURL(/\/samples\?q=import%3A\d+$/);
  await expect(page.getByLabel('Selected traces')).toContainText(/^\d[\d,]* of/);
});

test('a file of unknown make is mapped field by field with a live preview; its mapping is saved and loaded', async ({
  page,
}) => {
  const file = write('homework.jsonl', [
    { ask: 'What is 1 + 2?', work: 'First 1 + 2 = 4. Then done.', bad: 1, who: 'tiny', level: 3 },
    { ask: 'What is 2 + 2?', work: 'First 2 + 2 = 4. Then done.', bad: 'none', who: 'tiny', level: 4 },
  ]);
  await open(page);
  await choose(page, file);
  await expect(mapping(page)).toContainText('No mapping was guessed');
  await expect(importButton(page)).toBeDisabled();
  await mapping(page).getByLabel('Preset').selectOption('generic');
  await expect(preview(page)).toContainText('line 1 `prompt` (prompt) is missing');
  await mapping(page).getByLabel('Problem').selectOption('ask');
  await mapping(page).getByLabel('Steps', { exact: true }).selectOption('work');
  await mapping(page).getByLabel('Split steps').selectOption('sentences');
  await mapping(page).getByLabel('Model').selectOption('who');
  const steps = preview(page).getByRole('listitem').filter({ hasText: 'What is 1 + 2?' });
  await expect(steps.getByText('First 1 + 2 = 4.')).toBeVisible();
  await expect(steps.getByText('S1')).toBeVisible();
  await mapping(page).getByLabel('First error').selectOption('bad');
  await expect(preview(page)).toContainText('line 2 `bad` is "none"');
  await mapping(page).getByLabel('Counted from').selectOption('1');
  await mapping(page).getByLabel('Means clean').fill('none');
  await expect(preview(page).getByText('gold: first error S0')).toBeVisible();
  await expect(preview(page).getByText('gold: clean')).toBeVisible();
  await expect(preview(page).getByText('field level').first()).toBeVisible();

  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save mapping' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('homework.mapping.json');
  const map = join(folder, 'homework.mapping.json');
  await saved.saveAs(map);
  expect(JSON.parse(readFileSync(map, 'utf8'))).toMatchObject({
    reader: 'fields',
    prompt: 'ask',
    steps: { path: 'work', split: 'sentences' },
    firstError: { path: 'bad', base: 1, clean: ['none'] },
  });
  await page.getByRole('button', { name: /^Put .*homework.jsonl away$/ }).click();

  await choose(page, file);
  await page.getByLabel('Mapping file to load').setInputFiles(write('wrong.json', [{ reader: 'nothing' }]));
  await expect(page.getByRole('alert').filter({ hasText: 'wrong.json' })).toBeVisible();
  await page.getByLabel('Mapping file to load').setInputFiles(map);
  await expect(preview(page).getByText('gold: first error S0')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(row(page, /homework/)).toContainText('done');
  expect(await server.cli('import', file, '--map', map)).toMatch(/^Imported 0, 2 known already/);
});

test('context, steps that are objects, their labels, and a pattern for the answer are chosen in the form', async ({
  page,
}) => {
  const record = (said: number, label: number) => ({
    ask: 'Add them.',
    given: '1 and 2',
    chain: [{ say: 'I add.', sure: 1 }, { say: `Result => ${said}` }],
    marks: [1, label],
    who: 'tiny',
  });
  const file = write('objects.jsonl', [record(3, 1), record(4, 0)]);
  await open(page);
  await choose(page, file);
  await mapping(page).getByLabel('Preset').selectOption('generic');
  await mapping(page).getByLabel('Problem').selectOption('ask');
  await mapping(page).getByLabel('Context').selectOption('given');
  await mapping(page).getByLabel('Steps', { exact: true }).selectOption('chain');
  await mapping(page).getByLabel('Split steps').selectOption('array');
  await mapping(page).getByLabel("Step's text").fill('say');
  await mapping(page).getByLabel('Model').selectOption('who');
  await mapping(page).getByLabel('Step labels').selectOption('marks');
  await mapping(page).getByLabel('Label 0').selectOption('bad');
  await mapping(page).getByLabel('Answer at').selectOption('pattern');
  await mapping(page).getByLabel('Pattern').fill('Result => (\\d+');
  await expect(mapping(page).getByRole('alert')).toHaveText('missing closing )');
  await mapping(page).getByLabel('Pattern').fill('Result => (\\d+)**');
  await expect(mapping(page).getByRole('alert')).toHaveText(
    'invalid nested repetition operator at character 16: **',
  );
  await mapping(page).getByLabel('Pattern').fill('Result => (\\d+)');
  await expect(mapping(page).getByRole('alert')).toHaveCount(0);

  const first = preview(page).getByRole('listitem').filter({ hasText: 'line 1' });
  await expect(first).toContainText('1 and 2');
  await expect(first.getByText('I add.', { exact: true })).toBeVisible();
  await expect(first.getByText('gold: clean')).toBeVisible();
  await expect(preview(page).getByText('gold: first error S1')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(row(page, / objects\.jsonl/)).toContainText('done');
  const asked = "SELECT answer, prompt FROM traces WHERE prompt LIKE 'Add them.%' ORDER BY answer";
  expect(JSON.parse(await server.cli('sql', asked, '--json')).rows).toEqual([
    ['3', 'Add them.\n\n1 and 2'],
    ['4', 'Add them.\n\n1 and 2'],
  ]);
});

test('bad lines are shown before, and downloaded after; the good ones are kept', async ({ page }) => {
  const good = (i: number) => ({ problem: `${i} + 1?`, steps: ['a', 'b'], label: -1, generator: 'm' });
  const file = write('torn.jsonl', [good(1), '{"problem": "cut', good(2), { problem: 'no steps' }, good(3)]);
  await open(page);
  await choose(page, file);
  await expect(preview(page)).toContainText('2 of the first 5 records would be rejected');
  await expect(preview(page)).toContainText('line 2 not JSON');
  await mapping(page).getByLabel('Means clean').press('End');
  await mapping(page).getByLabel('Means clean').pressSequentially(', none');
  await expect(mapping(page).getByLabel('Means clean')).toHaveValue('-1, none');
  await expect(mapping(page).getByLabel('Preset')).toHaveValue('generic');
  await importButton(page).click();
  const done = row(page, /torn/);
  await expect(done).toContainText('done');
  await expect(done.getByRole('cell').nth(3)).toHaveText('3');
  await expect(done.getByRole('cell').nth(5)).toHaveText('2');
  const downloading = page.waitForEvent('download');
  await done.getByRole('link', { name: 'Rejects' }).click();
  const rejects = readFileSync(await (await downloading).path(), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rejects.map((r) => [r.file, r.line])).toEqual([
    ['torn.jsonl', 2],
    ['torn.jsonl', 4],
  ]);
});

test('an import is undone from its row, and from the toast', async ({ page }) => {
  const file = write('brief.jsonl', [{ problem: 'brief?', steps: ['a'], label: 0, generator: 'm' }]);
  await open(page);
  await choose(page, file);
  await importButton(page).click();
  await expect(row(page, /brief/)).toContainText('done');
  await row(page, /brief/).getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(/Import \d+ undone: 1 trace taken away/)).toBeVisible();
  await expect(row(page, /brief.*undone/)).toBeVisible();
  await choose(page, file);
  await importButton(page).click();
  await expect(page.getByText('1 trace imported from brief.jsonl')).toBeVisible();
  await page.keyboard.press('u');
  await expect(row(page, /brief.*undone/)).toHaveCount(2);
});

test('files dropped in another room open Import; a refused upload says so', async ({ page }) => {
  await page.goto(server.url);
  await expect(page.getByLabel('Selected traces')).toBeVisible();
  const files = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    const line = JSON.stringify({ problem: 'dropped?', steps: ['a'], label: -1, generator: 'm' });
    data.items.add(new File([line], 'dropped.jsonl'));
    return data;
  });
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: files });
  await expect(page.getByText('Drop the files to import them')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: files });
  await expect(page).toHaveURL(/\/import$/);
  await expect(mapping(page)).toContainText('Guessed: ProcessBench');
  await page.route('**/upload?*', (route) => route.fulfill({ status: 413, body: '' }));
  await choose(page, write('huge.jsonl', [{}]));
  await expect(page.getByRole('alert').filter({ hasText: 'larger than the server takes' })).toBeVisible();
  await page.unroute('**/upload?*');
  await page.getByRole('button', { name: 'Try huge.jsonl again' }).click();
  await expect(page.getByText('needs a mapping')).toBeVisible();
  await page.getByRole('button', { name: 'Put all away' }).click();
  await page.keyboard.press('u');
  await expect(mapping(page)).toContainText('Guessed: ProcessBench');
  await page.getByRole('button', { name: 'Put all away' }).click();
  await expect(page.getByText('Drop files anywhere in this window.')).toBeVisible();
});

test('a long import shows rate and time left, is cancelled, and goes on to the whole', async ({ page }) => {
  test.setTimeout(180_000);
  const file = join(folder, 'long.jsonl');
  const out = createWriteStream(file);
  for (let i = 0; i < 200_000; i++)
    out.write(
      `${JSON.stringify({ problem: `${i} + 1?`, steps: [`${i} + 1 = ${i + 1}`, `So ${i + 1}.`], label: -1, generator: 'm' })}\n`,
    );
  out.end();
  await finished(out);
  await open(page);
  await choose(page, file);
  await page.getByLabel('Run verifiers after import').uncheck();
  await importButton(page).click();
  await expect(row(page, /long/)).toContainText(/\d+(\.\d)? %, [\d.]+ [kM]?B\/s/, { timeout: 30_000 });
  await row(page, /long/).getByRole('button', { name: 'Cancel' }).click();
  await expect(row(page, /long.*cancelled/)).toBeVisible({ timeout: 5_000 });
  const imported = async (): Promise<number> =>
    Number((await row(page, /long/).getByRole('cell').nth(3).textContent())?.replaceAll(',', ''));
  expect(await imported()).toBeLessThan(200_000);
  await row(page, /long/).getByRole('button', { name: 'Resume' }).click();
  await expect(row(page, /long.*done/)).toBeVisible({ timeout: 120_000 });
  expect(await imported()).toBe(200_000);
  await expect(row(page, /long/)).toHaveCount(1);
  await expect(row(page, /long/).getByRole('cell').nth(4)).toHaveText('0');
});

for (const theme of ['dark', 'light']) {
  test(`no axe violation while mapping and in the list, ${theme}`, async ({ page }) => {
    await page.addInitScript((name) => {
      localStorage.setItem(
        'flywheel',
        JSON.stringify({ state: { theme: name, reviewer: null }, version: 0 }),
      );
    }, theme);
    await open(page);
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    await expectNoViolations(page, 'list');
    await choose(
      page,
      write('axe.jsonl', [{ problem: 'a?', steps: ['a'], label: 0, generator: 'm' }, 'bad']),
    );
    await expect(preview(page)).toContainText('1 of the first 2 records');
    await expectNoViolations(page, 'mapping');
  });
}
