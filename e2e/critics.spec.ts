import { expect, type Locator, type Page, test } from '@playwright/test';
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
  const [a, b] = await Promise.all([
    strip.getByLabel('Run A').inputValue(),
    strip.getByLabel('Run B').inputValue(),
  ]);
  await page.goto(`${server.origin}/critics?critic=pair&compare=${b},${a}`);
  await expect(strip.getByLabel('Run A')).toHaveValue(b);
  await expect(strip.getByLabel('Run B')).toHaveValue(a);
  await expect(strip).toContainText('McNemar exact p');
  await strip.locator('summary', { hasText: /\d+ flips/ }).click();
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

const schema = (page: Page) => page.getByRole('tab', { name: /^schema/ });

test('an old version is only read; restored, it is the draft; a draft like a version is not saved again', async ({
  page,
}) => {
  await server.cli('critic', 'save', 'old');
  await server.cli('critic', 'save', 'old', '--starter', 'recompute', '--title', 'recompute');
  await open(page, '/critics?critic=old&version=1');
  const versions = page.getByRole('list', { name: 'Versions' });
  await editor(page).click();
  await page.keyboard.type('never');
  await expect(page.locator('.critic-editor')).not.toContainText('never');
  await expect(versions).not.toContainText('unsaved');
  await expect(page.getByRole('button', { name: /Save as/ })).toHaveCount(0);

  await page.getByRole('button', { name: 'Restore v1' }).click();
  await expect(page).not.toHaveURL(/version=/);
  await expect(versions).toContainText('unsaved');
  await expect(page.locator('.room-tab .unsaved-dot')).toBeVisible();
  // It says what v1 says: there is nothing to save, and nothing is lost without a word.
  await page.getByRole('button', { name: /Save as v3/ }).click();
  await expect(page.locator('.save-form')).toContainText('The draft says what v1 says');
  await page.getByLabel(/What is new/).fill('back to the first');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('Once more.');
  await page.getByRole('button', { name: /Save as v3/ }).click();
  await expect(page.getByLabel(/What is new/)).toHaveValue('back to the first');
  await page.keyboard.press('Enter');
  await expect(versions).toContainText('back to the first');
  await expect(page.locator('.room-tab .unsaved-dot')).toHaveCount(0);

  // A draft that is dropped can be taken back.
  await editor(page).click();
  await page.keyboard.type('x');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(versions).not.toContainText('unsaved');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(versions).toContainText('unsaved');
});

test('a schema that cannot be read is kept, and neither saved nor asked; parts keep their undo', async ({
  page,
}) => {
  await server.cli('critic', 'save', 'parts');
  await open(page, '/critics?critic=parts');
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('one');
  await schema(page).click();
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type('!');
  await page.getByRole('tab', { name: /^user/ }).click();
  await page.getByRole('button', { name: /Save as v2/ }).click();
  await expect(page.locator('.refusal')).toContainText('Not saved: the schema cannot be read');
  await expect(schema(page)).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('.problem-line')).toContainText('A value is expected; "!" stands here');
  await page.reload();
  await schema(page).click();
  await expect(page.locator('.critic-editor')).toContainText('!{');
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Delete');
  await expect(page.locator('.problem-line')).toHaveCount(0);
  // What was undone in one part is undone there, after a look at another.
  await page.getByRole('tab', { name: /^user/ }).click();
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(' two');
  await page.getByRole('tab', { name: /^system/ }).click();
  await page.getByRole('tab', { name: /^user/ }).click();
  await expect(page.locator('.critic-editor')).toContainText('one two');
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(page.locator('.critic-editor')).not.toContainText('one two');
});

test('answers are of what was asked: stale after an edit or with another model; stop stops; two models side by side', async ({
  page,
}) => {
  await server.cli('critic', 'save', 'asks', '--temperature', '0.4');
  await open(page, '/critics?critic=asks');
  await page.getByRole('button', { name: 'Pin traces' }).click();
  await page.getByRole('spinbutton', { name: 'The first' }).fill('6');
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  const rows = page.locator('.pinned tbody tr');
  await expect(rows).toHaveCount(6);
  stub.change({ latency: 60_000 });
  await page.getByRole('button', { name: 'Run pinned' }).click();
  await expect(page.locator('.pinned')).toContainText('asking…');
  // Three at a time: the browser keeps connections for everything else.
  await expect(rows.filter({ hasText: 'asking…' })).toHaveCount(3);
  await expect(rows.filter({ hasText: 'waiting' })).toHaveCount(3);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(rows.filter({ hasText: 'stopped' })).toHaveCount(6);
  stub.change({ latency: 5, answers: { kind: 'text', text: SAYS(1) } });
  await page.getByRole('button', { name: 'Run pinned' }).click();
  await expect(page.locator('.pinned')).toContainText('6 of 6 answered');

  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('More.');
  await expect(page.locator('.critic-verdict.stale')).toHaveCount(6);
  await expect(page.getByRole('region', { name: 'Response' })).toContainText('of an earlier text');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(page.locator('.critic-verdict.stale')).toHaveCount(0);
  await page.getByLabel('Model', { exact: true }).fill('stub-2');
  await expect(page.locator('.critic-verdict.stale').first()).toHaveAttribute('title', 'of stub-1');

  stub.change({ answers: { kind: 'text', text: SAYS(0) } });
  await page.getByRole('button', { name: 'Run pinned' }).click();
  await expect(page.locator('.pinned')).toContainText('6 of 6 answered');
  await page.getByLabel('Column A shows').selectOption({ label: 'v1, stub-1, tried' });
  const [first] = await rows.all();
  await expect(first as Locator).toContainText('S1');
  await expect(first as Locator).toContainText('S0');
  await expect(first as Locator).toContainText(/now right|now wrong|both wrong|differs/);
});

test('a critic is put away and taken back, forked, and opened beside another', async ({ page }) => {
  await server.cli('critic', 'save', 'shelf');
  await open(page, '/critics?critic=shelf');
  const list = page.getByRole('list', { name: 'Critics', exact: true });
  await page.getByRole('button', { name: 'Put shelf away' }).click();
  await expect(list.getByRole('button', { name: /^shelf/ })).toContainText('put away');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(list.getByRole('button', { name: /^shelf/ })).not.toContainText('put away');

  await page.getByRole('button', { name: 'Fork to a new critic' }).click();
  await page.getByLabel('Name').fill('shelf');
  await expect(page.getByText('There is a critic of that name.')).toBeVisible();
  await page.getByLabel('Name').fill('shelf-fork');
  await page.getByRole('button', { name: 'Fork v1' }).click();
  await expect(page).toHaveURL(/critic=shelf-fork/);
  await expect(page.getByRole('list', { name: 'Versions' })).toContainText('from shelf v1');

  await list.getByRole('button', { name: /^shelf v/ }).click({ modifiers: ['ControlOrMeta'] });
  await expect(page.getByRole('tab', { name: /Critics: shelf-fork/ })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Critics 2: shelf', exact: true })).toHaveAttribute(
    'aria-selected',
    'true',
  );
});

test('a link opens the launch dialog as it says; the palette opens critics', async ({ page }) => {
  await server.cli('critic', 'save', 'linked');
  await server.cli('critic', 'save', 'linked', '--starter', 'recompute', '--title', 'recompute');
  const launch = {
    critic: 'linked',
    version: 1,
    query: 'outcome:wrong',
    repetitions: 2,
    priority: 'low',
    budget: { minutes: 5 },
  };
  await open(page, `/critics?${new URLSearchParams({ launch: JSON.stringify(launch) })}`);
  const dialog = page.getByRole('dialog', { name: 'Launch linked' });
  await expect(dialog.getByLabel('Over the traces that fit')).toHaveValue('outcome:wrong');
  await expect(dialog.getByLabel('Version')).toHaveValue('1');
  await expect(dialog.getByLabel('Answers for each')).toHaveValue('2');
  await expect(dialog.getByLabel('Stop before minutes')).toHaveValue('5');
  await expect(dialog.getByLabel('Priority')).toHaveValue('low');
  await expect(dialog.locator('.plan')).toContainText('answers');
  await dialog.getByLabel('Over the traces that fit').fill('outcome:');
  await expect(dialog.getByRole('button', { name: 'Start' })).toBeDisabled();
  await dialog.getByLabel('Over the traces that fit').fill('outcome:wrong');
  await expectNoViolations(page, 'the launch dialog');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page).not.toHaveURL(/launch=/);

  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').fill('new critic');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'New critic' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+k');
  await page
    .getByRole('dialog', { name: 'Command palette' })
    .getByRole('combobox')
    .fill('open critic linked');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/critic=linked/);
});

test('traces are pinned from Samples, and by id; the calibration of a version stands under its prompt', async ({
  page,
}) => {
  await server.cli('critic', 'save', 'pins');
  await server.cli('critic', 'run', 'pins@1');
  await open(page, '/samples?q=outcome%3Awrong');
  await page.getByRole('button', { name: 'Pin to critic' }).click();
  await page.getByLabel(/The first/).fill('3');
  await page.getByRole('button', { name: /^pins/ }).click();
  await expect(page.getByText('3 traces pinned to pins')).toBeVisible();
  await page.getByRole('button', { name: 'Undo u' }).click();
  await page.getByRole('button', { name: 'Pin to critic' }).click();
  await page.getByLabel(/The first/).fill('2');
  await page.getByRole('button', { name: /^pins/ }).click();
  await expect(page.getByText('2 traces pinned to pins')).toBeVisible();
  const pinned = (
    await server.cli('sql', "SELECT id FROM traces WHERE outcome = 'right' LIMIT 1", '--json')
  ).match(/[0-9a-f]{16}/)?.[0];
  await open(page, '/critics?critic=pins');
  await expect(page.locator('.pinned tbody tr')).toHaveCount(2);
  await page.getByRole('button', { name: 'Pin traces' }).click();
  await page.getByLabel('Single traces, by id').fill('none');
  await expect(page.getByText('none is not an id of a trace')).toBeVisible();
  await page.getByLabel('Single traces, by id').fill(pinned ?? '');
  await page.getByRole('button', { name: 'Pin by id' }).click();
  await expect(page.locator('.pinned tbody tr')).toHaveCount(3);

  const strip = page.getByRole('region', { name: 'Calibration' });
  await expect(strip).toContainText('95 % bootstrap');
  for (const figure of ['F1', 'acc_error', 'acc_clean', 'kappa', 'always clean', 'did not parse'])
    await expect(strip).toContainText(figure);
  await expectNoViolations(page, 'pins and calibration');
});

test('[W4] two windows write drafts of two critics, and a reload loses neither', async ({
  page,
  context,
}) => {
  await server.cli('critic', 'save', 'one');
  await server.cli('critic', 'save', 'two');
  await open(page, '/critics?critic=one');
  const other = await context.newPage();
  await open(other, '/critics?critic=two');
  for (const [window, word] of [
    [page, 'first'],
    [other, 'second'],
    [page, 'third'],
  ] as const) {
    await editor(window).click();
    await window.keyboard.press('ControlOrMeta+End');
    await window.keyboard.type(word);
  }
  for (const [window, text] of [
    [page, 'firstthird'],
    [other, 'second'],
  ] as const) {
    await window.reload();
    await editor(window).click();
    await window.keyboard.press('ControlOrMeta+End');
    await expect(window.locator('.critic-editor')).toContainText(text);
  }
});

test('what could not be read is said where it would stand, and another try mends it', async ({ page }) => {
  await server.cli('critic', 'save', 'cut-off');
  await open(page, '/critics?critic=cut-off');
  await page.getByRole('button', { name: 'Pin traces' }).click();
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(page.locator('.pinned tbody tr')).toHaveCount(5);
  const cut = /providers\.list|traces\.openMany|critics\.devFigures/;
  await page.route('**/trpc/**', (route) =>
    cut.test(route.request().url()) ? route.abort() : route.continue(),
  );
  await page.reload();
  const [providers, pinned, figures] = [
    page.getByText('Providers could not be read'),
    page.getByText('The pinned traces could not be read'),
    page.getByText('The figures could not be read'),
  ];
  for (const said of [providers, pinned, figures]) await expect(said).toBeVisible({ timeout: 30_000 });
  await page.unroute('**/trpc/**');
  // From the last: each goes when it is pressed.
  for (const retry of (await page.getByRole('button', { name: 'Retry' }).all()).reverse())
    await retry.click();
  await expect(page.locator('.pinned tbody tr')).toHaveCount(5);
  for (const said of [providers, pinned, figures]) await expect(said).toHaveCount(0);
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
