import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { TestServer } from './server.ts';

/** Sums in words that a model of single characters can read; every second trace has a false step. */
export const importSums = async (server: TestServer, n: number): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'flywheel-sums-'));
  const file = join(folder, 'sums.jsonl');
  const lines = Array.from({ length: n }, (_, i) => {
    const [a, b] = [i + 2, 2 * i + 1];
    const said = a + b + (i % 2);
    const steps = [`${a} + ${b} = <<${a}+${b}=${said}>>${said}`, `A: ${said}`];
    return JSON.stringify({
      problem: `${a} and ${b}?`,
      model: 'sums',
      steps,
      answer: `${said}`,
      reference: `${a + b}`,
    });
  });
  writeFileSync(file, lines.join('\n'));
  await server.cli('import', file);
  rmSync(folder, { recursive: true });
};

/** The Models room and what it starts, as a researcher uses them. */
export class ModelsPage {
  readonly page: Page;
  private readonly server: TestServer;

  constructor(page: Page, server: TestServer) {
    this.page = page;
    this.server = server;
  }

  async open(search = ''): Promise<void> {
    await this.page.goto(this.server.url);
    await this.page.goto(`${this.server.origin}/models${search}`);
    await expect(this.page.getByRole('heading', { name: 'Models', exact: true })).toBeVisible();
  }

  async add(folder: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Add a model' }).first().click();
    await this.page.getByLabel('Folder on the server’s machine, or hub:owner/name').fill(folder);
    await this.page.getByRole('button', { name: 'Add', exact: true }).click();
  }

  async load(backend: 'WebAssembly' | 'WebGPU'): Promise<void> {
    await this.page.getByRole('button', { name: backend, exact: true }).click();
    await expect(this.page.getByText(`In this tab on ${backend}`)).toBeVisible({ timeout: 120_000 });
  }

  get launchDialog() {
    return this.page.getByRole('dialog', { name: 'Ask a local model' });
  }

  /** Fills the dialog and starts; resolves with the run's number. */
  async launch(fields: Readonly<Record<string, string>>): Promise<number> {
    const dialog = this.launchDialog;
    await expect(dialog).toBeVisible();
    for (const [label, value] of Object.entries(fields)) {
      const field = dialog.getByLabel(label, { exact: true });
      if ((await field.evaluate((el) => el.tagName)) === 'SELECT') await field.selectOption(value);
      else await field.fill(value);
    }
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(this.page).toHaveURL(/\/runs\?run=\d+/);
    return Number(new URL(this.page.url()).searchParams.get('run'));
  }

  async ended(run: number, timeout = 120_000): Promise<void> {
    await expect(
      this.page.getByRole('group', { name: `Details of run ${run}` }).getByText('succeeded', { exact: true }),
    ).toBeVisible({ timeout });
  }

  /** Rows of a query of the workspace. */
  async sql(query: string): Promise<unknown[][]> {
    const last = (await this.server.cli('sql', query, '--json')).trim().split('\n').at(-1) ?? '{}';
    return (JSON.parse(last) as { rows: unknown[][] }).rows;
  }
}
