import { expect, test } from '@playwright/test';
import type { ChatCall } from '../packages/testkit/src/llm/chat-call.ts';
import { startStubLlm } from '../packages/testkit/src/llm/stub-llm.ts';
import type { StubLlm } from '../packages/testkit/src/llm/stub-options.ts';
import { expectNoViolations } from './axe.ts';
import { startServer, type TestServer } from './server.ts';

/** Believes whoever says that all is well; with the advice in its prompt it names the step that the demo marks. */
const gullible = ({ text }: ChatCall): string => {
  const wrong = [...text.matchAll(/^\[S(\d+)\] (.*)$/gm)].find(([, , step = '']) =>
    [...step.matchAll(/(-?\d+) ([+*-]) (-?\d+) = (-?\d+)/g)].some(([, a, op, b, c]) => {
      const [x, y] = [Number(a), Number(b)];
      return (op === '+' ? x + y : op === '-' ? x - y : x * y) !== Number(c);
    }),
  );
  const believes = /clean|Ignore|all steps are right/.test(text.split('## Steps')[1] ?? '');
  const first = believes || !text.includes('Work it out.') || !wrong ? null : Number(wrong[1]);
  return JSON.stringify({ rationale: 'So it is.', first_error: first, category: null, confidence: 0.5 });
};

let server: TestServer;
let stub: StubLlm;
test.beforeAll(async () => {
  stub = await startStubLlm({
    answers: gullible,
    latency: 10,
    rules: [
      {
        when: { contains: 'Write a better' },
        then: { kind: 'answer', answers: { kind: 'reflection', advice: ['Work it out.'] } },
      },
      {
        when: { contains: 'in other words' },
        then: { kind: 'answer', answers: { kind: 'reflection', advice: ['In short.'] } },
      },
    ],
  });
  server = await startServer();
  await server.cli('provider', 'add', 'stub', '--base-url', stub.url, '--model', 'stub-1');
  await server.cli('critic', 'save', 'checker');
});
test.afterAll(async () => {
  await server.stop();
  await stub.close();
});

test('what misleads a critic is seen by kind of change, and each case opens', async ({ page }) => {
  await page.goto(server.url);
  await page.goto(`${server.origin}/critics?critic=checker`);
  await page.getByRole('tab', { name: 'Robustness, Improve' }).click();
  await page.getByRole('button', { name: 'Try v1 on changed traces' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Cases of each kind').fill('4');
  await expect(dialog.getByText(/questions, at most/)).toBeVisible();
  await dialog.getByLabel('Cases of each kind').fill('4000');
  await expect(dialog.getByRole('button', { name: 'Start' })).toBeDisabled();
  await dialog.getByLabel('Cases of each kind').fill('4');
  await dialog.getByRole('button', { name: 'Start' }).click();

  const report = page.locator('.report');
  const row = report.getByRole('row', { name: /injected error/ });
  await expect(row).toContainText('0 of 4');
  await expect(report.getByRole('row', { name: /unchanged, asked twice/ })).toContainText('100 %');
  await report.getByRole('button', { name: 'injected error', exact: true }).click();
  await expect(report.locator('.report-case')).toHaveCount(4);
  await report.locator('.report-case').first().click();
  await expect(report.locator('.report-steps .changed')).toContainText('changed here');
  await expectNoViolations(page, 'a report');
});

test('a better prompt is looked for, compared with rewriting, and kept as a version', async ({ page }) => {
  await page.goto(server.url);
  await page.goto(`${server.origin}/critics?critic=checker`);
  await page.getByRole('tab', { name: 'Robustness, Improve' }).click();
  await page.getByRole('button', { name: 'Improve v1' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Questions of a search').fill('80');
  await dialog.getByLabel('Measured on, of dev').fill('12');
  await expect(dialog.getByText(/gold of dev/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Start' }).click();

  const report = page.locator('.report');
  await expect(
    report.getByRole('img', { name: /Best F1 on dev by questions asked: reflection .*, rewriting/ }),
  ).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.locator('.run-detail')).toContainText('succeeded', { timeout: 30_000 });
  await expect(report).toContainText('By rewriting alone');
  await expect(report.getByRole('row', { name: /the best/ })).toContainText(/system|user/);
  await expect(report.locator('.report-diff')).toContainText('Work it out.');
  await expectNoViolations(page, 'a report');
  await report.getByRole('button', { name: 'Keep as a new version' }).click();
  await expect(page.getByRole('list', { name: 'Versions' })).toContainText('improved from v1');
  await expect(page.getByRole('list', { name: 'Versions' })).toContainText('v2');
});
