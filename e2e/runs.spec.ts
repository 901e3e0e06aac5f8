import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, type Page, test } from '@playwright/test';
import { startStubLlm } from '../packages/testkit/src/llm/stub-llm.ts';
import type { StubLlm } from '../packages/testkit/src/llm/stub-options.ts';
import { expectNoViolations } from './axe.ts';
import { startServer, type TestServer } from './server.ts';

let server: TestServer;
let folder: string;
test.beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'flywheel-runs-'));
});
test.afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (page: Page, search = '') => {
  await page.goto(server.url);
  await page.goto(`${new URL(server.url).origin}/runs${search}`);
  await expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible();
};
const details = (page: Page) => page.getByRole('group', { name: /^Details of run/ });

/** Starts a verifier over a query with the form; resolves with the run's number. */
const start = async (page: Page, query: string, verifier = 'Final answer'): Promise<string> => {
  await page.getByRole('button', { name: 'New run' }).click();
  await page.getByRole('combobox', { name: 'Verifier' }).selectOption({ label: verifier });
  await page.getByLabel('Over the traces that fit').fill(query);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(details(page)).toBeVisible();
  return new URL(page.url()).searchParams.get('run') ?? '';
};

/** Enough traces that a verifier works on them for seconds. */
const importMany = async (): Promise<void> => {
  const file = join(folder, 'sums.jsonl');
  const lines = Array.from({ length: 60_000 }, (_, i) => {
    const sum = 2 * i + 1;
    const steps = [`${i} + ${i + 1} = <<${i}+${i + 1}=${sum}>>${sum}`, `The answer is ${sum}.`];
    return JSON.stringify({
      problem: `${i} + ${i + 1}?`,
      model: 'sums',
      steps,
      answer: `${sum}`,
      reference: `${sum}`,
    });
  });
  writeFileSync(file, lines.join('\n'));
  await server.cli('import', file, '--no-verify');
};

test('a verifier is started over a query, watched to its end, and leads to its traces', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'New run' }).click();
  await page.getByLabel('Over the traces that fit').fill('outcome:rong');
  await expect(page.getByText('`outcome` is one of right, wrong, none, unknown.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();
  await page.keyboard.press('Escape');
  const id = await start(page, 'outcome:wrong');
  await expect(page).toHaveURL(new RegExp(`/runs\\?run=${id}$`));
  await expect(details(page)).toContainText('177 of 177 traces, 100 %');
  await expect(details(page)).toContainText('succeeded');
  await expect(page.getByRole('row', { selected: true })).toContainText('succeeded');
  await expect(details(page)).toContainText('verifier:final-answer');
  await details(page).getByRole('link', { name: 'Open in Samples' }).click();
  await expect(page).toHaveURL(/\/samples\?q=outcome%3Awrong/);
  await expect(page.getByLabel('Selected traces')).toHaveText(/^177 of 420/);
});

test('an export leaves its file for download', async ({ page }) => {
  await server.cli('export', 'trl-stepwise', '--slice', 'outcome:wrong', '--out', join(folder, 'out.jsonl'));
  await open(page);
  await page.getByRole('row', { name: /export/ }).click();
  const downloading = page.waitForEvent('download');
  await details(page).getByRole('link', { name: 'Result' }).click();
  expect((await downloading).suggestedFilename()).toMatch(/^run-\d+-trl-stepwise\.jsonl$/);
});

test('keys walk through the runs; a filter and a run that is not there have their own words', async ({
  page,
}) => {
  await open(page);
  await page.keyboard.press('j');
  await expect(page).toHaveURL(/run=\d+/);
  const first = page.url();
  await page.keyboard.press('j');
  await expect(page).not.toHaveURL(first);
  await page.keyboard.press('k');
  await expect(page).toHaveURL(first);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/runs$/);
  await page.getByRole('button', { name: /^cancelled/ }).click();
  await expect(page.getByText('No run is in this state.')).toBeVisible();
  await open(page, '?run=4711');
  await expect(page.getByText('There is no run 4711 in this workspace.')).toBeVisible();
});

test('a long run shows its progress here and in the status bar, pauses and resumes', async ({ page }) => {
  test.setTimeout(120_000);
  await importMany();
  await open(page);
  await start(page, 'model:sums');
  await expect(details(page).getByText('time left')).toBeVisible({ timeout: 20_000 });
  await expect(details(page).getByRole('progressbar')).toHaveAttribute('aria-valuetext', /%$/);
  await expect(page.getByRole('contentinfo')).toContainText(/\d+(\.\d)? %, [\d,]+ \/s/);
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Runs' })).toHaveAttribute(
    'aria-description',
    /not over/,
  );
  await page.keyboard.press('p');
  await expect(details(page)).toContainText('paused');
  await page.keyboard.press('r');
  await expect(details(page)).toContainText(/queued|running|succeeded/);
});

test('[R9] a cancelled run stops within a second, and undo goes on from there', async ({ page }) => {
  test.setTimeout(120_000);
  await open(page);
  const id = await start(page, 'model:sums', 'Calculation annotations');
  await expect(details(page).getByText('time left')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('c');
  await expect(details(page)).toContainText('cancelled', { timeout: 1_500 });
  await expect(page.getByText(`Run ${id} cancelled`)).toBeVisible();
  const done = async () => Number(await details(page).getByRole('progressbar').getAttribute('aria-valuenow'));
  const kept = await done();
  await page.keyboard.press('u');
  await expect(details(page)).toContainText(/queued|running/);
  expect(await done()).toBeGreaterThanOrEqual(kept);
});

/** Makes a verifier's items fail after the fact: no verifier of ours fails on traces that can be imported. */
const failItems = async (home: string, run: number): Promise<void> => {
  const instance = await DuckDBInstance.create(join(home, 'flywheel.duckdb'));
  const db = await instance.connect();
  await db.run(
    `UPDATE run_result SET state = 2, error = if(trace % 2 = 0, 'no answer within 10 s', 'out of memory')
     WHERE run = $1 AND trace IN (SELECT trace FROM run_result WHERE run = $1 ORDER BY trace LIMIT 9)`,
    [run],
  );
  await db.run('UPDATE run SET failed = 9, done = done - 9 WHERE id = $1', [run]);
  db.closeSync();
  instance.closeSync();
};

test('failed items stand by cause; one is done again, then all', async ({ page }) => {
  test.setTimeout(120_000);
  const home = join(folder, 'failing');
  const before = await startServer(['--home', home]);
  await page.goto(before.url);
  await page.goto(`${new URL(before.url).origin}/runs?run=2`);
  await expect(details(page)).toContainText('420 of 420 traces, 100 %');
  await before.stop();
  await failItems(home, 2);
  const after = await startServer(['--home', home]);
  try {
    await page.goto(after.url);
    await page.goto(`${new URL(after.url).origin}/runs?run=2`);
    await expect(details(page).getByRole('heading', { name: 'Failed items 9, by cause' })).toBeVisible();
    await expect(details(page).getByText('no answer within 10 s')).toBeVisible();
    await expect(details(page).getByText('out of memory')).toBeVisible();
    await expectNoViolations(page, 'failed items');
    await details(page).getByRole('button', { name: 'Retry', exact: true }).first().click();
    await expect(details(page).getByRole('heading', { name: 'Failed items 8, by cause' })).toBeVisible();
    // The one item may still be in hand: a run that works cannot be retried, and the key is not offered.
    await expect(async () => {
      await page.keyboard.press('f');
      await expect(details(page)).toContainText('0 failed', { timeout: 3_000 });
    }).toPass();
    await expect(details(page)).toContainText('420 judged');
  } finally {
    await after.stop();
  }
});

test('[R8] a server that goes away is told, and what happened meanwhile is not missed', async ({ page }) => {
  test.setTimeout(120_000);
  // The same session before and after; `--port` and `--home` given twice: the last one counts.
  process.env.FLYWHEEL_DEV_TOKEN = 'e2e-session-that-outlives-its-server';
  const home = join(folder, 'home');
  const first = await startServer(['--home', home]);
  const { port, origin } = new URL(first.url);
  try {
    await page.goto(first.url);
    await page.goto(`${origin}/runs`);
    const status = page.getByRole('contentinfo');
    await expect(status).toContainText(`server 127.0.0.1:${port}`);
    await expect(page.getByRole('row', { name: /running|queued/ })).toHaveCount(0);
    await expect(page.getByRole('row', { name: /succeeded/ })).not.toHaveCount(0);
    await first.stop();
    await expect(status).toContainText('server away, reconnecting', { timeout: 15_000 });
    const second = await startServer(['--home', home, '--port', port]);
    try {
      await expect(status).toContainText(`server 127.0.0.1:${port}`, { timeout: 30_000 });
      await start(page, 'outcome:right');
      await expect(details(page)).toContainText('243 of 243 traces, 100 %');
    } finally {
      await second.stop();
    }
    process.env.FLYWHEEL_DEV_TOKEN = 'another-session';
    const third = await startServer(['--home', home, '--port', port]);
    try {
      await expect(status).toContainText('open the link that it printed', { timeout: 30_000 });
    } finally {
      await third.stop();
    }
  } finally {
    delete process.env.FLYWHEEL_DEV_TOKEN;
  }
});

for (const theme of ['dark', 'light']) {
  test(`no axe violation with a run open and with the form open, ${theme}`, async ({ page }) => {
    await page.addInitScript((name) => {
      localStorage.setItem(
        'flywheel',
        JSON.stringify({ state: { theme: name, reviewer: null }, version: 0 }),
      );
    }, theme);
    await open(page, '?run=1');
    await expect(details(page)).toBeVisible();
    await expectNoViolations(page, 'run');
    await page.getByRole('button', { name: 'New run' }).click();
    await expect(page.getByRole('button', { name: 'Start' })).toBeEnabled();
    await expectNoViolations(page, 'form');
  });
}

test.describe('a run that asks a model', () => {
  let stub: StubLlm;
  const verdict = JSON.stringify({
    rationale: '[S0] is off.',
    first_error: 0,
    category: null,
    confidence: 0.6,
  });
  test.beforeAll(async () => {
    stub = await startStubLlm({ answers: { kind: 'text', text: verdict }, latency: 150 });
    await server.cli(
      'provider',
      'add',
      'stub',
      '--base-url',
      stub.url,
      '--model',
      'stub-1',
      '--concurrency',
      '6',
    );
    await server.cli('critic', 'save', 'checker');
  });
  test.afterAll(() => stub.close());

  test('is watched live, cancelled, resumed, and retried by cause', async ({ page }) => {
    test.setTimeout(120_000);
    stub.change({ rules: [{ when: { every: 20 }, then: { kind: 'answer', form: 'not-json' } }] });
    await page.goto(server.url);
    await page.goto(`${new URL(server.url).origin}/critics?critic=checker`);
    await page.getByRole('button', { name: 'Launch v1' }).click();
    await page.getByLabel('Over the traces that fit').fill('import:1');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page).toHaveURL(/\/runs\?run=\d+/);
    await expect(page.getByRole('img', { name: /Items a second/ })).toBeVisible();
    await expect(page.getByText(/of 6 in flight/)).toBeVisible();
    const log = page.getByRole('region', { name: 'Log' });
    await expect(log.getByText('first error S0').first()).toBeVisible();

    await page.keyboard.press('c');
    await expect(details(page).getByText('cancelled')).toBeVisible();
    const calls = stub.calls.length;
    await page.waitForTimeout(400);
    expect(stub.calls.length).toBe(calls);

    await page.keyboard.press('r');
    await expect(details(page).getByText('succeeded')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('the answer did not parse').first()).toBeVisible();
    await page.getByRole('button', { name: 'Request and response' }).first().click();
    await expect(page.locator('.answer-detail')).toContainText('Request');

    stub.change({ rules: [] });
    await page.getByRole('button', { name: /^Retry \d+/ }).click();
    await expect(page.getByText('by cause')).toHaveCount(0, { timeout: 30_000 });
    await expect(page.getByRole('region', { name: 'Results' }).locator('tbody tr').first()).toBeVisible();
    await expectNoViolations(page, 'a run of a critic');
  });

  /** Launches over a query by a link, as Fork does; resolves with the run's number. */
  const launch = async (page: Page, more: object): Promise<string> => {
    const request = JSON.stringify({ critic: 'checker', version: 1, ...more });
    await page.goto(server.url);
    await page.goto(`${new URL(server.url).origin}/critics?${new URLSearchParams({ launch: request })}`);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page).toHaveURL(/\/runs\?run=\d+/);
    return new URL(page.url()).searchParams.get('run') ?? '';
  };
  const setLimits = async (page: Page, limits: Record<string, string>): Promise<void> => {
    await details(page).getByRole('button', { name: 'Change the limits' }).click();
    for (const [label, text] of Object.entries(limits)) await page.getByLabel(label).fill(text);
    await page.getByRole('button', { name: 'Set', exact: true }).click();
  };

  test('[R35] its limits are changed while it works, seen in every tab, and taken back', async ({
    page,
    context,
  }) => {
    test.setTimeout(120_000);
    stub.change({ latency: 250 });
    // The first answers are kept from before: the second ones are asked for.
    const id = await launch(page, { query: 'import:1', repetitions: 2, concurrency: 2 });
    const other = await context.newPage();
    await other.goto(`${new URL(server.url).origin}/runs?run=${id}`);
    await expect(details(other)).toContainText('at most 2 calls at once; normal priority; no budget');
    await details(page).getByRole('button', { name: 'Change the limits' }).click();
    await page.getByLabel('Calls at once').fill('none');
    await expect(page.getByText('A number, please.')).toBeVisible();
    await expectNoViolations(page, 'limits');
    await page.keyboard.press('Escape');

    await setLimits(page, { 'Calls at once': '5' });
    await expect(details(other)).toContainText('at most 5 calls at once');
    await expect(details(other)).toContainText(/of 5 in flight/);
    await expect(page.getByText(`Limits of run ${id} changed`)).toBeVisible();
    await page.keyboard.press('u');
    await expect(details(other)).toContainText('at most 2 calls at once');

    await other.goto(`${new URL(server.url).origin}/samples`);
    await setLimits(page, { 'Stop before tokens': '1000' });
    await expect(details(page)).toContainText('paused');
    await expect(details(page).getByRole('alert')).toContainText('budget of 1,000 tokens');
    // Told where nobody looks at it, and only there.
    await expect(other.getByRole('status').getByText(/waits: The budget of 1,000 tokens/)).toBeVisible();
    await setLimits(page, { 'Stop before tokens': '' });
    await page.keyboard.press('r');
    await expect(details(page)).toContainText(/queued|running/);
    await page.keyboard.press('c');
    await expect(details(page).getByText('cancelled', { exact: true })).toBeVisible();
  });

  test('its results open the trace at the step that they cite, and its flaws are those of its own judge', async ({
    page,
  }) => {
    test.setTimeout(60_000);
    stub.change({ latency: 5 });
    await launch(page, { query: 'import:1' });
    await expect(details(page)).toContainText('succeeded', { timeout: 30_000 });
    await page.getByRole('region', { name: 'Results' }).locator('tbody a').first().click();
    await expect(page).toHaveURL(/\/samples\?.*step=0/);
    await expect(page.getByRole('listitem').and(page.locator('[aria-current="step"]'))).toContainText('S0');
    await page.keyboard.press('j');
    await expect(page).toHaveURL(/step=1/);
    await page.goBack();
    await details(page)
      .getByRole('link', { name: /^Flawed among its traces/ })
      .click();
    await expect(page).toHaveURL(/q=run%3A\d+\+flawedby%3Acritic%3Achecker%401/);
    await expect(page.getByLabel('Selected traces')).toHaveText(/^420 of/);
  });

  test('what its query selects now can be added to it', async ({ page }) => {
    test.setTimeout(60_000);
    stub.change({ latency: 5 });
    const id = await launch(page, { query: 'import:1 outcome:wrong steps:..3' });
    await expect(details(page)).toContainText('succeeded');
    await details(page).getByRole('button', { name: 'Add what its query selects now' }).click();
    await expect(page.getByText(/selects \d+ now/)).toBeVisible();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByText(`Run ${id} has all of them already`)).toBeVisible();
  });

  test('several are compared side by side; the end of one is told wherever one is', async ({ page }) => {
    test.setTimeout(60_000);
    stub.change({ latency: 5 });
    const first = await launch(page, { query: 'import:1 outcome:wrong' });
    await expect(details(page)).toContainText('succeeded');
    await page.goto(`${new URL(server.url).origin}/samples`);
    await expect(page.getByLabel('Selected traces')).toHaveText(/420/);
    await server.cli('critic', 'run', 'checker', '--slice', 'import:1 outcome:right');
    await expect(page.getByRole('status').getByText(/checker v1, succeeded: 243 done/)).toBeVisible();
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    const second = new URL(page.url()).searchParams.get('run') ?? '';
    await page.getByRole('checkbox', { name: `Compare run ${first}`, exact: true }).check();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Compare 2 runs' }).click();
    const compared = page.getByRole('group', { name: 'Runs compared' });
    await expect(compared.getByRole('row', { name: /^judge/ })).toContainText('critic:checker@1');
    await expect(compared.getByRole('row', { name: /^items/ })).toContainText('177');
    await expect(compared.getByRole('row', { name: /^flawed/ })).toContainText('243, 100 %');
    await expect(compared.getByRole('link', { name: 'Flips and paired intervals' })).toHaveAttribute(
      'href',
      `/critics?critic=checker&compare=${first}%2C${second}`,
    );
    await expectNoViolations(page, 'runs compared');
    await compared.getByRole('button', { name: `Run ${first}` }).click();
    await expect(details(page)).toContainText('177 of 177 items');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(compared).toHaveCount(0);
    await expect(page).toHaveURL(/\/runs$/);
  });

  test('[R16] one whose provider has moved says why it cannot go on, and is forked', async ({ page }) => {
    test.setTimeout(120_000);
    const move = (url: string) =>
      server.cli('provider', 'add', 'stub', '--base-url', url, '--model', 'stub-1', '--concurrency', '6');
    stub.change({ latency: 250 });
    await launch(page, { query: 'import:1', repetitions: 20 });
    await expect(details(page).getByText(/of 6 in flight/)).toBeVisible();
    await page.keyboard.press('c');
    await expect(details(page).getByText('cancelled', { exact: true })).toBeVisible();
    await move(stub.url.replace('127.0.0.1', 'localhost'));
    try {
      await page.reload();
      const note = page.getByRole('note', { name: 'It cannot go on' });
      await expect(note).toContainText('cannot go on as it was');
      await expect(details(page).getByRole('button', { name: 'Resume' })).toHaveCount(0);
      await expectNoViolations(page, 'a run that cannot go on');
      await note.getByRole('link', { name: 'Fork' }).click();
      await expect(page.getByRole('dialog').getByLabel('Over the traces that fit')).toHaveValue('import:1');
      await expect(page.getByRole('dialog').getByLabel('Answers for each')).toHaveValue('20');
    } finally {
      await move(stub.url);
    }
  });
});
