import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { startServer, type TestServer } from './server.ts';

/** What a trace may say to whoever reads it. Every one must be shown as it stands, and do nothing. */
const HOSTILE: readonly string[] = [
  `<img src=x onerror="window.__pwned='img'">`,
  `<script>window.__pwned='script'</script><svg onload="window.__pwned='svg'"><iframe srcdoc="<script>parent.__pwned='frame'</script>">`,
  `[a link](javascript:window.__pwned='link') <a href="javascript:window.__pwned='a'">b</a> <javascript:window.__pwned='auto'>`,
  '<style>*{display:none!important}</style><link rel=stylesheet href=//127.0.0.1:9/x.css><meta http-equiv=refresh content="0;url=//127.0.0.1:9/">',
  '![pixel](http://127.0.0.1:9/pixel.png) <form action="//127.0.0.1:9/"><button>Commit</button></form>',
  `$\\def\\a{\\a\\a}\\a$ $$\\def\\b#1{\\b{#1#1}}\\b{x}$$ $\\href{javascript:window.__pwned='tex'}{x}$ $\\includegraphics{http://127.0.0.1:9/t.png}$ $$\\rule{99999em}{99999em}$$`,
  `${'$\\frac{1}{'.repeat(400)}1${'}$'.repeat(400)}`,
  `${'['.repeat(8_000)}${'>'.repeat(8_000)}${'**'.repeat(2_000)}`,
  'x'.repeat(100_000),
  'right \u202Eot tfel\u202C, zero\u200Bwidth\u200D, \uFEFFmark, z\u0300\u0301\u0302\u0303algo, \u0007bell, tab\tand  two  spaces',
  'line one\n\n\n   line four, indented\r\nline five',
];
const PROMPT = `What is <b>this</b>? <img src=x onerror="window.__pwned='prompt'"> hostile`;
const MODEL = `<img/src=x/onerror=window.__pwned='model'>`;
const REFERENCE = `</dd><script>window.__pwned='reference'</script>`;

let server: TestServer;
let elsewhere: Server;
let foreign: string;
/** What the foreign page does; set by each test. */
let attack = '';
const origin = () => server.origin;

test.beforeAll(async () => {
  server = await startServer(['--no-demo']);
  const folder = mkdtempSync(join(tmpdir(), 'flywheel-hostile-'));
  const record = {
    prompt: PROMPT,
    steps: HOSTILE,
    model: MODEL,
    reference: REFERENCE,
    '<b>': `<img src=x onerror="window.__pwned='extra'">`,
  };
  const mapping = {
    reader: 'fields',
    prompt: 'prompt',
    steps: { path: 'steps', split: 'array' },
    model: { path: 'model' },
    task: { constant: 'hostile' },
    source: 'hostile',
    reference: 'reference',
  };
  writeFileSync(join(folder, 'hostile.jsonl'), `${JSON.stringify(record)}\n`);
  writeFileSync(join(folder, 'map.json'), JSON.stringify(mapping));
  await server.cli('import', join(folder, 'hostile.jsonl'), '--map', join(folder, 'map.json'), '--no-verify');
  rmSync(folder, { recursive: true });
  elsewhere = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end(attack),
  );
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  // Another port of the same host: as close to us as a stranger can be.
  foreign = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
});
test.afterAll(async () => {
  elsewhere.close();
  await server.stop();
});

/** Watches a page for anything that a text of a trace made it do. */
const watch = (page: Page) => {
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) seen.push(`policy: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin() && !['data:', 'blob:'].includes(url.protocol)) seen.push(`request: ${url}`);
  });
  return {
    quiet: async () => {
      expect(await page.evaluate(() => (window as { __pwned?: string }).__pwned ?? null)).toBeNull();
      expect(seen).toEqual([]);
      expect(new URL(page.url()).origin).toBe(origin());
    },
  };
};
/** The texts of steps as the page holds them, once the last one is there. */
const texts = async (page: Page, selector: string): Promise<string[]> => {
  const steps = page.locator(selector);
  await expect(steps).toHaveCount(HOSTILE.length);
  return steps.evaluateAll((all) => all.map((step) => step.textContent ?? ''));
};
const samples = async (page: Page): Promise<void> => {
  await page.goto(server.url);
  await page.goto(`${origin()}/samples?q=task%3Ahostile`);
  await page
    .getByRole('row', { name: /hostile/ })
    .first()
    .click();
};

test('Samples shows hostile text as it stands, and nothing of it acts', async ({ page }) => {
  const watched = watch(page);
  await samples(page);
  expect(await texts(page, '.steps .step p.verbatim')).toEqual(HOSTILE);
  const pane = page.getByRole('complementary', { name: /^Trace/ });
  await expect(pane.getByText(PROMPT, { exact: true })).toBeVisible();
  await expect(page.getByText(MODEL).first()).toBeVisible();
  // Every character has its place on the screen: nothing was hidden by a style of the text's own.
  await expect(page.locator('.steps .step p.verbatim').nth(3)).toBeVisible();
  const spaces = await page
    .locator('.steps .step p.verbatim')
    .nth(10)
    .evaluate((p) => getComputedStyle(p).whiteSpace);
  expect(spaces).toMatch(/pre-wrap|break-spaces|^pre$/);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide, 'a line of 100,000 characters does not push the page apart').toBeLessThanOrEqual(0);
  await watched.quiet();
});

test('Samples renders hostile Markdown and math without running, loading or hanging', async ({ page }) => {
  const watched = watch(page);
  await samples(page);
  await expect(page.locator('.steps .step p.verbatim')).toHaveCount(HOSTILE.length);
  const began = Date.now();
  await page.keyboard.press('m');
  const rendered = page.locator('.steps .rendered');
  await expect(rendered.first()).toBeVisible();
  expect(Date.now() - began).toBeLessThan(5_000);
  for (const tag of [
    'img',
    'script',
    'style',
    'iframe',
    'svg',
    'link',
    'meta',
    'form',
    'object',
    'embed',
    'base',
  ])
    await expect(page.locator(`.steps .rendered ${tag}`), tag).toHaveCount(0);
  const links = await page
    .locator('.steps .rendered a')
    .evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).protocol));
  expect(links.filter((protocol) => !/^https?:$/.test(protocol))).toEqual([]);
  for (const link of await page.locator('.steps .rendered').getByText('a link').all()) await link.click();
  await watched.quiet();
});

test('Review shows hostile text as it stands, and nothing of it acts', async ({ page }) => {
  const watched = watch(page);
  await page.goto(server.url);
  await page.goto(`${origin()}/review?q=task%3Ahostile`);
  await page.getByRole('textbox', { name: /Who reviews/ }).fill('ada');
  await page.keyboard.press('Enter');
  expect(await texts(page, '.rv-steps .rv-step p.verbatim')).toEqual(HOSTILE);
  await expect(page.locator('.rv-prob').getByText(PROMPT, { exact: true })).toBeVisible();
  await expect(page.locator('.rv-prob').getByText(REFERENCE, { exact: true })).toBeVisible();
  await watched.quiet();
});

test('a page cannot be framed, by a stranger or by itself', async ({ page }) => {
  await page.goto(server.url);
  await expect(page).toHaveTitle(/Flywheel/);
  const framed = async (): Promise<string> => {
    const frame = page.frames().find((f) => f !== page.mainFrame());
    return (
      (await frame
        ?.evaluate(() => document.title + (document.getElementById('root')?.innerText ?? ''))
        .catch(() => '')) ?? ''
    );
  };
  const refusals: string[] = [];
  page.on('console', (message) => refusals.push(message.text()));
  await page.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.src = '/samples';
    document.body.append(frame);
  });
  await expect.poll(() => refusals.join('\n')).toContain("frame-ancestors 'none'");
  expect(await framed()).not.toContain('Flywheel');
  attack = `<iframe src="${origin()}/samples"></iframe>`;
  const answer = page.waitForResponse(`${origin()}/samples`);
  await page.goto(foreign);
  const response = await answer;
  expect(response.status()).toBe(403);
  expect(response.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(await framed()).not.toContain('Flywheel');
});

test('a stranger’s page can neither read nor change anything, even beside a session', async ({ page }) => {
  await page.goto(server.url);
  await expect(page).toHaveTitle(/Flywheel/);
  // Away from our page, whose own requests are no attack.
  await page.goto('about:blank');
  const statuses = new Map<string, number>();
  const tried = new Set<string>();
  page.on('request', (request) => {
    if (request.url().startsWith(origin()))
      tried.add(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  page.on('response', (response) => {
    if (response.url().startsWith(origin()))
      statuses.set(`${response.request().method()} ${new URL(response.url()).pathname}`, response.status());
  });
  attack = `<title>waiting</title><form id=f method=post action="${origin()}/trpc/tags.flag" enctype="text/plain" target=t><input name='{"query":"","on":true,"x":"' value='"}'></form><iframe name=t></iframe>
    <script>(async () => {
      const tries = [
        () => fetch('${origin()}/trpc/workspace.info', { credentials: 'include' }),
        () => fetch('${origin()}/trpc/traces.page', { credentials: 'include', mode: 'no-cors' }),
        () => fetch('${origin()}/trpc/tags.tag', { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{"query":"","tag":"owned","on":true}' }),
        () => fetch('${origin()}/trpc/tags.undo', { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' }),
        () => fetch('${origin()}/upload?name=x.jsonl', { method: 'POST', credentials: 'include', mode: 'no-cors', body: 'x' }),
        () => new Promise((resolve, reject) => { const s = new EventSource('${origin()}/trpc/runs.events', { withCredentials: true }); s.onmessage = resolve; s.onerror = reject; }),
        () => new Promise((resolve, reject) => { const i = new Image(); i.onload = resolve; i.onerror = reject; i.src = '${origin()}/download/exports/a.jsonl'; }),
      ];
      document.getElementById('f').submit();
      const read = [];
      for (const attempt of tries) { try { const r = await attempt(); if (r.type !== 'opaque') read.push(await r.text()); } catch {} }
      document.title = 'read ' + read.length;
    })();</script>`;
  await page.goto(foreign);
  await expect(page).toHaveTitle('read 0');
  for (const [what, status] of statuses) expect([403, 405], what).toContain(status);
  expect(tried.size, [...tried].join(', ')).toBeGreaterThanOrEqual(7);
  const changed =
    'SELECT (SELECT count(*) FROM traces WHERE flagged) + (SELECT count(*) FROM trace_tag) AS n';
  const { rows } = JSON.parse(await server.cli('sql', changed, '--json')) as { rows: unknown[][] };
  expect(rows.flat().map(Number)).toEqual([0]);
});

test('the session’s cookie is out of reach for scripts, and the token leaves the address', async ({
  page,
  context,
}) => {
  await page.goto(server.url);
  await expect(page).not.toHaveURL(/token/);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', domain: '127.0.0.1' });
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(
    server.token,
  );
});
