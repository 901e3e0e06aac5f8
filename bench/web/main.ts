/**
 * `npm run bench -- web --home DIR`: what a user waits for, in Chromium, over a workspace that `bench store` built.
 * Every figure is taken inside the page, from the act to the frame that shows its result.
 * The baseline of the same run is what a page without state does for the same act: loading the address anew.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { machine, ms } from '../machine.ts';
import { TERMS } from '../store/generate.ts';
import { stopwatches } from './in-page.ts';

const ROOT = join(import.meta.dirname, '../..');
const CHROMIUM = '/usr/bin/chromium';
const REPEATS = 5;
const FRAMES = 180;

const serve = async (home: string): Promise<{ url: string; bootMs: number; stop: () => Promise<void> }> => {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [join(ROOT, 'apps/cli/src/main.ts'), 'serve', '--home', home, '--port', '0', '--no-open', '--no-demo'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?\S+/.exec(output);
      if (found) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new Error(`The server stopped (${code}): ${output}`)));
  });
  return {
    url,
    bootMs: performance.now() - began,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
};

const launch = (): Promise<Browser> =>
  chromium.launch({
    ...(existsSync(CHROMIUM) && { executablePath: CHROMIUM }),
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-precise-memory-info',
    ],
  });

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Loads an address and waits for its rows: milliseconds since the navigation began. */
const load = async (page: Page, url: string): Promise<number> => {
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => 'stopwatch' in window);
  return page.evaluate(async () => {
    await window.stopwatch.ready();
    return performance.now();
  });
};

declare global {
  interface Window {
    stopwatch: ReturnType<typeof stopwatches>;
  }
}

interface Figure {
  work: string;
  ms: number;
  /** The same by loading the page anew, or null where there is no such thing. */
  baseline: number | null;
}

const samples = async (page: Page, origin: string): Promise<Figure[]> => {
  const samplesAt = (query: string) => `${origin}/samples${query && `?q=${encodeURIComponent(query)}`}`;
  const first: number[] = [];
  for (let i = 0; i < REPEATS; i++) first.push(await load(page, samplesAt('')));
  const figures: Figure[] = [{ work: 'open to first rows and counts', ms: median(first), baseline: null }];

  const clicks: number[] = [];
  const reloads: number[] = [];
  for (const value of ['wrong', 'right', 'wrong', 'right', 'wrong']) {
    clicks.push(await page.evaluate((v) => window.stopwatch.facet(v), value));
    reloads.push(await load(page, page.url()));
    await load(page, samplesAt(''));
  }
  figures.push({ work: 'facet click to new counts and rows', ms: median(clicks), baseline: median(reloads) });

  for (const [kind, text] of Object.entries(TERMS)) {
    await load(page, samplesAt(''));
    const ms = await page.evaluate((t) => window.stopwatch.search(t), text);
    const baseline = await load(page, samplesAt(text));
    figures.push({ work: `search, ${kind} (${text}), to rows`, ms, baseline });
  }

  await load(page, samplesAt(''));
  const scrolled = await page.evaluate((n) => window.stopwatch.scroll(n), FRAMES);
  figures.push({
    work: `scroll to the end in ${FRAMES} frames: longest frame`,
    ms: scrolled.longest,
    baseline: null,
  });
  figures.push({ work: 'the same: median frame', ms: scrolled.median, baseline: null });
  figures.push({
    work: 'the same: end reached to last rows on screen',
    ms: scrolled.settled,
    baseline: null,
  });
  return figures;
};

const review = async (page: Page, origin: string): Promise<Figure[]> => {
  await page.goto(`${origin}/review`);
  await page.getByRole('textbox').fill('bench');
  await page.getByRole('textbox').press('Enter');
  await page.getByRole('button', { name: /Commit and next/ }).waitFor();
  await page.waitForFunction(() => 'stopwatch' in window);
  const commits: number[] = [];
  const reloads: number[] = [];
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('x');
    commits.push(await page.evaluate(() => window.stopwatch.key('Enter', '.rv-steps')));
  }
  for (let i = 0; i < 3; i++) {
    const began = performance.now();
    await page.reload();
    await page.getByRole('button', { name: /Commit and next/ }).waitFor();
    reloads.push(performance.now() - began);
  }
  return [{ work: 'Enter in review to the next trace', ms: median(commits), baseline: median(reloads) }];
};

const print = (figures: readonly Figure[]): void => {
  console.log('| work | figure | loading the page anew | ratio |\n| --- | --- | --- | --- |');
  for (const f of figures) {
    const ratio = f.baseline === null ? '' : `${(f.baseline / f.ms).toFixed(1)}x`;
    console.log(`| ${f.work} | ${ms(f.ms)} | ${f.baseline === null ? '' : ms(f.baseline)} | ${ratio} |`);
  }
};

const { values } = parseArgs({ options: { home: { type: 'string' } } });
if (!values.home) {
  console.error(
    'bench web needs --home DIR, a workspace such as `npm run bench -- store --home DIR` builds.',
  );
  process.exit(2);
}
const server = await serve(values.home);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(`window.stopwatch = (${stopwatches.toString()})()`);
  await page.goto(server.url);
  const { origin } = new URL(server.url);
  const total = await page.getByLabel('Selected traces').textContent();
  console.log(`bench web: ${total} traces; ${machine()}, Chromium ${browser.version()}`);
  console.log(`server process to URL: ${Math.round(server.bootMs)} ms`);
  const figures = [...(await samples(page, origin)), ...(await review(page, origin))];
  print(figures);
  const heap = await page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
  console.log(`heap of the page at the end: ${Math.round(heap / 2 ** 20)} MiB`);
} finally {
  await browser.close();
  await server.stop();
}
