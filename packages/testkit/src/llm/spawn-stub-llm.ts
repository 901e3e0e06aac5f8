import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CallLogJson } from './call-record.ts';
import type { StubChangeJson, StubOptionsJson } from './stub-options.ts';

const NODE = join(import.meta.dirname, '../../../../node_modules/.bin/node');
const CHILD = join(import.meta.dirname, 'stub-llm.child.ts');

/** A stub in a process of its own, which lives on when the test kills what asks it. */
export interface SpawnedStub {
  url: string;
  origin: string;
  pid: number;
  /** The record so far, or only what came after call number `after`. */
  log: (after?: number) => Promise<CallLogJson>;
  change: (change: StubChangeJson) => Promise<void>;
  /** As `StubLlm.reset`. */
  reset: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts it; rejects with what it wrote on stderr when it does not come up. */
export const spawnStubLlm = async (options: StubOptionsJson = {}): Promise<SpawnedStub> => {
  // Through a file: a gold map is longer than one argument may be (128 KiB on Linux).
  const folder = await mkdtemp(join(tmpdir(), 'flywheel-stub-llm-'));
  const file = join(folder, 'options.json');
  await writeFile(file, JSON.stringify(options));
  const child = spawn(NODE, [CHILD, `@${file}`, 'tied'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let wrote = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    wrote += text;
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void closed.then(() => reject(new Error(`the stub did not start: ${wrote}`)));
  }).finally(() => rm(folder, { recursive: true, force: true }));
  const { url, origin } = JSON.parse(said) as { url: string; origin: string };
  const control = async (change: StubChangeJson & { reset?: boolean }): Promise<void> => {
    const answer = await fetch(`${origin}/__control`, { method: 'POST', body: JSON.stringify(change) });
    if (!answer.ok) throw new Error(`the stub refused the change: ${await answer.text()}`);
  };
  return {
    url,
    origin,
    pid: child.pid as number,
    log: async (after = 0) => (await (await fetch(`${origin}/__calls?after=${after}`)).json()) as CallLogJson,
    change: control,
    reset: () => control({ reset: true }),
    stop: () => {
      child.kill('SIGTERM');
      return closed;
    },
  };
};
