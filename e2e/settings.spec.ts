import { expect, type Page, test } from '@playwright/test';
import { startStubLlm } from '../packages/testkit/src/llm/stub-llm.ts';
import type { StubLlm } from '../packages/testkit/src/llm/stub-options.ts';
import { expectNoViolations } from './axe.ts';
import { startServer, type TestServer } from './server.ts';

const KEY = 'sk-a-key-that-must-not-come-back';

let server: TestServer;
let stub: StubLlm;
test.beforeAll(async () => {
  stub = await startStubLlm({
    answers: { kind: 'text', text: 'yes' },
    key: KEY,
    models: ['stub-1', 'stub-2'],
  });
  server = await startServer(['--no-demo']);
});
test.afterAll(async () => {
  await server.stop();
  await stub.close();
});

const open = async (page: Page): Promise<void> => {
  await page.goto(server.url);
  await page.goto(`${server.origin}/settings`);
};

test('a provider is added, tested until it answers, changed, removed and taken back', async ({ page }) => {
  const bodies: string[] = [];
  page.on('response', async (response) => {
    if (response.url().includes('/trpc')) bodies.push(await response.text().catch(() => ''));
  });
  await open(page);
  await expect(page.getByText('Critics ask models')).toBeVisible();
  await page.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByRole('menuitem', { name: 'vLLM' }).click();
  const form = page.getByRole('form', { name: 'Provider local-vllm' });
  await form.getByLabel('Base URL').fill(stub.url);
  await form.getByLabel('First model').fill('stub-3');
  await form.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Providers' })).toContainText(stub.url);

  await form.getByRole('button', { name: 'Test' }).click();
  const steps = page.getByRole('list', { name: 'Test' });
  await expect(steps).toContainText('Save the right key in Settings');

  await form.getByLabel('Key, if the endpoint needs one').fill(KEY);
  await form.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(form).toContainText(`A key is saved for ${stub.origin}`);
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(steps).toContainText('does not list "stub-3"');

  await form.getByLabel('First model').fill('stub-1');
  await form.getByRole('button', { name: 'Add a price' }).click();
  await form.getByLabel('*, input').fill('0.5');
  await form.getByRole('button', { name: 'Save', exact: true }).click();
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(steps).toContainText('stub-1, one of 2 listed');
  await expect(steps).toContainText('not in the JSON that was asked for');
  await expect(steps).toContainText('$0.5 in');

  // Another address does not get the key.
  await form.getByLabel('Base URL').fill('http://127.0.0.1:9/v1');
  await expect(form).toContainText(`is not sent to http://127.0.0.1:9`);
  await form.getByLabel('Base URL').fill('http://10.1.2.3/v1');
  await form.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(form.getByLabel('Base URL')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByLabel('Base URL')).toHaveAccessibleDescription(/private address/);
  await form.getByLabel('Calls at once').fill('0');
  await expect(form.getByLabel('Calls at once')).toHaveAccessibleDescription(/from 1 to 2048/);
  await expect(form.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await form.getByRole('button', { name: 'Discard' }).click();
  await expect(form.getByLabel('Base URL')).toHaveValue(stub.url);

  await form.getByRole('button', { name: 'Remove', exact: true }).first().click();
  await expect(page.getByText('Add an endpoint')).toBeVisible();
  await page.getByRole('button', { name: /Undo/ }).click();
  await expect(page.getByRole('list', { name: 'Providers' })).toContainText('local-vllm');
  expect(bodies.length).toBeGreaterThan(5);
  expect(bodies.filter((body) => body.includes(KEY))).toEqual([]);
});

test('what was not saved is kept while another provider or room is looked at', async ({ page }) => {
  for (const name of ['kept-a', 'kept-b'])
    await server.cli('provider', 'add', name, '--base-url', stub.url, '--model', 'stub-1');
  await open(page);
  const list = page.getByRole('list', { name: 'Providers' });
  await list.getByRole('button', { name: 'kept-a' }).click();
  await page.getByRole('form', { name: 'Provider kept-a' }).getByLabel('First model').fill('stub-2');
  await expect(list.getByRole('button', { name: 'kept-a' })).toContainText('not saved');
  await list.getByRole('button', { name: 'kept-b' }).click();
  await expect(page.getByRole('form', { name: 'Provider kept-b' })).toBeVisible();
  await page.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByRole('menuitem', { name: 'Ollama' }).click();
  await page.keyboard.press('Escape');
  await page
    .getByRole('link', { name: /Samples/ })
    .first()
    .click();
  await expect(page).toHaveURL(/samples/);
  await page
    .getByRole('link', { name: /Settings/ })
    .first()
    .click();
  await expect(list.getByRole('button', { name: 'ollama' })).toContainText('not saved');
  await list.getByRole('button', { name: 'kept-a' }).click();
  const form = page.getByRole('form', { name: 'Provider kept-a' });
  await expect(form.getByLabel('First model')).toHaveValue('stub-2');
  await form.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(list.getByRole('button', { name: 'kept-a' })).not.toContainText('not saved');
});

for (const theme of ['dark', 'light'])
  test(`no axe violation in Settings, ${theme}`, async ({ page }) => {
    await page.addInitScript(
      (t) =>
        localStorage.setItem(
          'flywheel',
          JSON.stringify({ state: { theme: t, reviewer: 'ada' }, version: 0 }),
        ),
      theme,
    );
    await server.cli(
      'provider',
      'add',
      'priced',
      '--base-url',
      stub.url,
      '--price-input',
      '1',
      '--price-output',
      '2',
    );
    await open(page);
    await expect(page.getByRole('form')).toBeVisible();
    await expectNoViolations(page, theme);
  });
