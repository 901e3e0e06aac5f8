import { expect, type Page, test } from '@playwright/test';
import { startStubLlm } from '../packages/testkit/src/llm/stub-llm.ts';
import type { StubLlm } from '../packages/testkit/src/llm/stub-options.ts';
import { expectNoViolations } from './axe.ts';
import { startServer, type TestServer } from './server.ts';

const SAYS = (step: number | null): string =>
  JSON.stringify({
    rationale: `Look at [S${step ?? 0}].`,
    first_error: step,
    category: null,
    confidence: 0.7,
  });

let server: TestServer;
let stub: StubLlm;
test.beforeAll(async () => {
  stub = await startStubLlm({ answers: { kind: 'text', text: SAYS(1) }, latency: 30 });
  server = await startServer();
  await server.cli('provider', 'add', 'stub', '--base-url', stub.url, '--model', 'stub-1');
});
test.afterAll(async () => {
  await server.stop();
  await stub.close();
});

const open = async (page: Page, path: string): Promise<void> => {
  await page.goto(server.url);
  await page.goto(server.origin + path);
};
const editor = (page: Page) => page.locator('.critic-editor .view-lines');

test('write a prompt, see what is wrong, preview, run on pinned, save, launch', async ({ page }) => {
  await open(page, '/critics');
  await page.getByRole('button', { name: 'New critic' }).click();
  await page.getByLabel('Name').fill('checker');
  await page.getByRole('button', { name: 'Make' }).click();
  await expect(page.getByRole('list', { name: 'Versions' })).toContainText('v1');

  await page.getByRole('button', { name: 'Pin traces' }).click();
  await page.getByRole('spinbutton', { name: 'The first' }).fill('3');
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(page.locator('.pinned tbody tr')).toHaveCount(3);
  const preview = page.getByRole('region', { name: 'Rendered prompt' });
  await expect(preview).toContainText('[S0]');
  await expect(page.getByText(/\d+ tokens/)).toBeVisible();

  // A name that is nowhere defined is said to be so at its place, and mended by one key.
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('Sum: {{ problem.promt');
  await page.keyboard.press('Escape');
  await expect(page.locator('.problem-line')).toContainText('promt');
  await page.keyboard.press('ControlOrMeta+.');
  await expect(page.locator('.problem-line')).toHaveCount(0);
  await expect(preview).toContainText('Sum: Start with');

  // Unsaved text is there after a reload.
  await page.reload();
  await expect(page.getByRole('list', { name: 'Versions' })).toContainText('unsaved');
  await expect(preview).toContainText('Sum: Start with');

  await page.getByRole('button', { name: 'Run pinned' }).click();
  await expect(page.locator('.pinned')).toContainText('3 of 3 answered');
  await expect(page.getByRole('region', { name: 'Response' })).toContainText('S1');
  await page.locator('.pinned tbody tr').nth(1).click();
  await expect(page.getByRole('region', { name: 'Response' })).toContainText('first_error');

  await page.getByRole('button', { name: /Save as v2/ }).click();
  await page.getByLabel(/What is new/).fill('with the sum');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Versions' })).toContainText('with the sum');
  await expect(page.getByRole('list', { name: 'Versions' })).not.toContainText('unsaved');

  await page.getByRole('button', { name: 'Launch v2' }).click();
  await expect(page.locator('.plan')).toContainText('calls to stub-1');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page).toHaveURL(/\/runs\?run=\d+/);
  await expect(page.getByText('succeeded').first()).toBeVisible({ timeout: 30_000 });
});

test('two versions are compared on the same traces, with what differs in their texts', async ({ page }) => {
  await server.cli('critic', 'save', 'pair');
  await server.cli('critic', 'run', 'pair@1');
  stub.change({ answers: { kind: 'text', text: SAYS(2) } });
  await server.cli('critic', 'save', 'pair', '--starter', 'recompute', '--title', 'recompute');
  await server.cli('critic', 'run', 'pair@2');
  await open(page, '/critics?critic=pair');
  await page.getByRole('button', { name: /^Compare v1/ }).click();
  await page.getByRole('button', { name: /^Compare v2/ }).click();
  const strip = page.getByRole('region', { name: 'Comparison' });
  await expect(strip).toContainText('McNemar exact p');
  await expect(strip).toContainText('now right');
  await expect(page.locator('.critic-editor')).toContainText('by working through');
  await strip.getByText(/\d+ flips/).click();
  await strip.locator('.flips a').first().click();
  await expect(page).toHaveURL(/\/samples\?.*trace=/);
});

test('an answer that cannot be read, and a server that refuses, are said in place', async ({ page }) => {
  await server.cli('critic', 'save', 'rude', '--temperature', '0.3');
  stub.change({
    rules: [
      { when: { first: 1 }, then: { kind: 'answer', form: 'not-json' } },
      { then: { kind: 'error', error: 'unknown-model' } },
    ],
  });
  await open(page, '/critics?critic=rude');
  await page.getByRole('button', { name: 'Pin traces' }).click();
  await page.getByRole('spinbutton', { name: 'The first' }).fill('2');
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(page.locator('.pinned tbody tr')).toHaveCount(2);
  await page.getByRole('button', { name: 'Run pinned' }).click();
  await expect(page.locator('.pinned')).toContainText('no parse');
  await expect(page.locator('.pinned')).toContainText('does not know the model');
  stub.change({ rules: [] });
});

for (const theme of ['dark', 'light'])
  test(`no axe violation in the Critics room, ${theme}`, async ({ page }) => {
    await page.addInitScript(
      (t) =>
        localStorage.setItem(
          'flywheel',
          JSON.stringify({ state: { theme: t, reviewer: 'ada' }, version: 0 }),
        ),
      theme,
    );
    await open(page, '/critics');
    await expectNoViolations(page, `${theme}, whatever is there`);
    await server.cli('critic', 'save', 'seen');
    await open(page, '/critics?critic=seen');
    await expect(page.locator('.critics')).toBeVisible();
    await expect(editor(page)).toBeVisible();
    await expectNoViolations(page, theme);
  });
