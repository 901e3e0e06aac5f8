import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { startServer, type TestServer } from './server.ts';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

/** `ready`: what stands there once the room has what it asked the server for. */
const ROOMS: { title: string; path: string; letter: string; ready: (page: Page) => Locator }[] = [
  { title: 'Samples', path: '/samples', letter: 's', ready: (p) => p.getByRole('gridcell').first() },
  { title: 'Review', path: '/review', letter: 'r', ready: (p) => p.getByLabel(/Who reviews/) },
  { title: 'Runs', path: '/runs', letter: 'u', ready: (p) => p.getByRole('cell').first() },
  {
    title: 'Calibration',
    path: '/calibration',
    letter: 'c',
    ready: (p) => p.getByText(/No trace|against/).first(),
  },
  { title: 'SQL', path: '/sql', letter: 'q', ready: (p) => p.locator('.monaco-editor').first() },
  { title: 'Import', path: '/import', letter: 'i', ready: (p) => p.getByText('demo-arithmetic').first() },
];

const origin = () => new URL(server.url).origin;
const room = (page: Page, title: string) => page.getByRole('group', { name: title, exact: true });
const tab = (page: Page, title: string | RegExp) => page.getByRole('tab', { name: title });
const state = (page: Page) => page.getByLabel('Selected traces').filter({ visible: true });

const open = async (page: Page, path = '/samples') => {
  await page.goto(server.url);
  await expect(page.getByRole('tab').first()).toBeVisible();
  if (path !== '/samples') await page.goto(`${origin()}${path}`);
};

/** Goes by keyboard. The room takes the focus, so that the next key is not typed into what was left. */
const goTo = async (page: Page, letter: string, title: string) => {
  await page.keyboard.press('g');
  await page.keyboard.press(letter);
  await expect(page).toHaveTitle(`${title} · Flywheel`);
};

test('[R1] each room has a URL: opened there, it is shown', async ({ page }) => {
  await open(page);
  for (const { title, path } of ROOMS) {
    await page.goto(`${origin()}${path}`);
    await expect(page).toHaveTitle(`${title} · Flywheel`);
    await expect(room(page, title)).toBeVisible();
    await expect(page.getByRole('navigation').getByRole('link', { name: title })).toHaveAttribute(
      'aria-current',
      'page',
    );
  }
  // With tabs restored beside it, and a row to scroll to before the dock has measured anything.
  for (let i = 0; i < 3; i++) {
    await page.goto(`${origin()}/runs?run=2`);
    await expect(page.getByRole('row', { selected: true })).toBeVisible();
    await expect(tab(page, 'Run 2')).toBeInViewport({ ratio: 1 });
  }
});

for (const theme of ['Dark', 'Light']) {
  test(`[R10] no axe violation in any room, ${theme.toLowerCase()}`, async ({ page }) => {
    test.setTimeout(120_000);
    await open(page);
    await page.getByRole('contentinfo').getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemradio', { name: theme }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
    for (const { title, path, ready } of ROOMS) {
      await page.goto(`${origin()}${path}`);
      await expect(ready(page).filter({ visible: true })).toBeVisible();
      await expectNoViolations(page, title);
    }
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
    await expectNoViolations(page, 'palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await expectNoViolations(page, 'key sheet');
  });
}

test('[R6] g and a letter go to each room; another key after g does nothing', async ({ page }) => {
  await open(page);
  for (const { title, letter } of ROOMS.filter((r) => r.letter !== 'q')) await goTo(page, letter, title);
  await page.keyboard.press('g');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('s');
  await expect(page).toHaveTitle('Import · Flywheel');
  await goTo(page, 'q', 'SQL');
});

test('[R5] in a text field letters are text; the palette opens all the same', async ({ page }) => {
  await open(page);
  const query = page.getByLabel('Query', { exact: true });
  await query.click();
  await page.keyboard.type('gr?');
  await expect(query).toHaveValue('gr?');
  await expect(page).toHaveTitle('Samples · Flywheel');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(query).toBeFocused();
});

test('the palette goes to rooms, traces and slices, and starts a verifier over the query', async ({
  page,
}) => {
  await open(page, '/samples?q=outcome%3Awrong');
  const palette = async (text: string) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command palette' }).fill(text);
    await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
    await page.keyboard.press('Enter');
  };
  await palette('calibr');
  await expect(page).toHaveURL(/\/calibration/);
  await palette('0123456789abcdef');
  await expect(page).toHaveURL(/\/samples\?.*trace=0123456789abcdef/);
  await page.evaluate(() =>
    fetch('/trpc/slices.save', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'long ones', query: 'steps:6' }),
    }),
  );
  await page.reload();
  await expect(page.getByRole('tab').first()).toBeVisible();
  await palette('long ones');
  await expect(page).toHaveURL(/q=steps%3A6/);
  await page.goto(`${origin()}/samples?q=outcome%3Awrong`);
  await palette('verify with final answer');
  await expect(page).toHaveURL(/\/runs\?run=\d+/);
  await expect(page.getByRole('heading', { name: 'Final answer' })).toBeVisible();
  await expect(page.getByRole('group', { name: /Details of run/ }).getByText('outcome:wrong')).toBeVisible();
  await palette('theme: light');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('the key sheet lists the keys of the room in focus', async ({ page }) => {
  await open(page, '/runs');
  await expect(room(page, 'Runs')).toBeFocused();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  await expect(sheet.getByRole('heading', { name: 'Runs' })).toBeVisible();
  await expect(sheet).toContainText('cancel the open run');
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await goTo(page, 'r', 'Review');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Keys' }).click();
  await expect(sheet.getByRole('heading', { name: 'Review' })).toBeVisible();
  await expect(sheet).toContainText('first error here');
});

test('[R2] [R3] tabs keep their places; back and forward walk over tabs and filters', async ({ page }) => {
  await open(page);
  await page.getByLabel('Query', { exact: true }).fill('outcome:wrong');
  await page.getByLabel('Query', { exact: true }).press('Enter');
  await expect(page).toHaveURL(/q=outcome%3Awrong/);
  await expect(state(page)).toHaveText(/^177 of/);
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(page).toHaveURL(/\/runs$/);
  await expect(tab(page, 'Samples: outcome:wrong')).toBeVisible();
  await tab(page, 'Samples: outcome:wrong').click();
  await expect(page).toHaveURL(/\/samples\?q=outcome%3Awrong/);
  await page.goBack();
  await expect(page).toHaveURL(/\/runs$/);
  await expect(room(page, 'Runs')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/q=outcome%3Awrong/);
  await page.goBack();
  await expect(page).toHaveURL(/\/samples$/);
  await expect(state(page)).toHaveText(/^420 of/);
  await page.goForward();
  await expect(state(page)).toHaveText(/^177 of/);
});

test('[R3] a closed tab opens again when history comes back to it', async ({ page }) => {
  await open(page);
  await goTo(page, 'u', 'Runs');
  await tab(page, 'Runs').press('Delete');
  await expect(tab(page, 'Runs')).toHaveCount(0);
  await expect(page).toHaveURL(/\/samples$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/runs$/);
  await expect(tab(page, 'Runs')).toBeVisible();
});

test('[R2] a split shows a room twice, each at its own place; keys act in the one in focus', async ({
  page,
}) => {
  await open(page);
  await expect(room(page, 'Samples')).toBeFocused();
  await page.keyboard.press('Control+\\');
  await expect(tab(page, 'Samples 2')).toBeVisible();
  const second = page.locator('[data-tab="samples:2"]');
  await second.getByLabel('Query', { exact: true }).fill('outcome:right');
  await second.getByLabel('Query', { exact: true }).press('Enter');
  await expect(page).toHaveURL(/outcome%3Aright/);
  await expect(second.getByLabel('Selected traces')).toHaveText(/^243 of/);
  await expect(page.locator('[data-tab="samples"]').getByLabel('Selected traces')).toHaveText(/^420 of/);
  await second.getByRole('gridcell').first().click();
  await expect(second.getByRole('heading', { name: /^Steps \d/ })).toBeVisible();
  await page.locator('[data-tab="samples"]').getByRole('gridcell').first().click();
  await expect(page.getByRole('heading', { name: /^Steps \d/ })).toHaveCount(2);
  await expectNoViolations(page, 'a room twice');
  await page.locator('[data-tab="samples"]').getByRole('heading', { name: 'Facets' }).click();
  await expect(page).toHaveURL(/\/samples\?trace=\w+$/);
});

test('a tab is dragged beside another', async ({ page }) => {
  await open(page);
  await goTo(page, 'i', 'Import');
  const box = await room(page, 'Import').boundingBox();
  if (!box) throw new Error('the room has no box');
  await tab(page, 'Import').dragTo(room(page, 'Import'), {
    targetPosition: { x: box.width - 20, y: box.height / 2 },
  });
  await expect(room(page, 'Samples')).toBeVisible();
  await expect(room(page, 'Import')).toBeVisible();
});

test('[R4] the layout and its places are there after a reload', async ({ page }) => {
  await open(page);
  await page.getByLabel('Query', { exact: true }).fill('steps:3');
  await page.getByLabel('Query', { exact: true }).press('Enter');
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.keyboard.press('Control+\\');
  await expect(tab(page, 'Runs 2')).toBeVisible();
  await page.reload();
  await expect(tab(page, 'Runs 2')).toHaveAttribute('aria-selected', 'true');
  await expect(tab(page, 'Samples: steps:3')).toBeVisible();
  await expect(page).toHaveURL(/\/runs$/);
});

test('[R4] a layout that the dock cannot read gives way to Samples', async ({ page }) => {
  await page.addInitScript((home) => {
    const grid = { panels: { runs: { id: 'runs', contentComponent: 'room' } }, grid: { root: 'gone' } };
    const layout = { version: 1, grid, places: { runs: '/runs' }, front: 'runs' };
    localStorage.setItem(`flywheel.layout.${home}`, JSON.stringify(layout));
  }, server.home);
  await open(page);
  await expect(page).toHaveURL(/\/samples$/);
  await expect(page.getByRole('tab')).toHaveCount(1);
  await expect(state(page)).toHaveText(/^\d+ of/);
});

test('[R7] a list keeps its scroll position while another tab is in front', async ({ page }) => {
  await open(page);
  const grid = page.getByRole('grid');
  await expect(page.getByRole('row').nth(2)).toBeVisible();
  await grid.evaluate((box) => {
    const scroller = [box, ...box.querySelectorAll('*')].find((e) => e.scrollHeight > e.clientHeight + 100);
    scroller?.scrollTo(0, 1_400);
  });
  const top = () =>
    grid.evaluate((box) =>
      Math.max(0, ...[box, ...box.querySelectorAll('*')].map((element) => element.scrollTop)),
    );
  await expect.poll(top).toBe(1_400);
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(room(page, 'Samples')).toBeHidden();
  await page.getByRole('link', { name: 'Samples', exact: true }).click();
  await expect.poll(top).toBe(1_400);
});

test('[R5] the keys of a hidden room do nothing', async ({ page }) => {
  await open(page, '/review');
  await page.getByRole('textbox').fill('ada');
  await page.getByRole('textbox').press('Enter');
  await expect(page.getByRole('button', { name: /Commit and next/ })).toBeVisible();
  await page.keyboard.press('x');
  await expect(page.getByText('S0 set as first error')).toBeVisible();
  await goTo(page, 'u', 'Runs');
  await page.keyboard.press('Enter');
  await page.keyboard.press('3');
  await goTo(page, 'r', 'Review');
  await expect(page.getByText(/committed: /)).toHaveCount(0);
  // The sitting is as it was left.
  await expect(page.getByRole('button', { name: /Commit and next/ })).toHaveAttribute(
    'aria-disabled',
    'false',
  );
  await page.keyboard.press('Enter');
  await expect(page.getByText(/committed: first error S0/)).toBeVisible();
});

test('the skip link leads past the frame into the room', async ({ page }) => {
  await open(page);
  const skip = page.getByRole('link', { name: 'Skip to the room' });
  await skip.focus();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(room(page, 'Samples')).toBeFocused();
});

test('a room whose program does not arrive says so in its tab, and comes at the second try', async ({
  page,
}) => {
  await page.route('**/assets/runs-room-*.js', (route) => route.abort());
  await open(page);
  await goTo(page, 'u', 'Runs');
  await expect(page.getByRole('alert').filter({ hasText: 'Runs could not be shown' })).toBeVisible();
  await page.unroute('**/assets/runs-room-*.js');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByRole('row', { name: /demo-arithmetic/ })).toBeVisible();
});
