import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Workspace } from '../workspace.ts';
import { demoRecords } from './arithmetic.ts';

/** How the demo file maps to traces; gold is 0-based with -1 for clean. */
const DEMO_MAPPING = {
  reader: 'fields',
  prompt: 'question',
  steps: { path: 'steps', split: 'array' },
  task: { path: 'task' },
  model: { path: 'model' },
  source: 'demo',
  reference: 'reference',
  answer: 'answer',
  firstError: { path: 'first_error', base: 0, clean: [-1] },
} as const;

/** Fills an empty workspace with the demo: a file in the home, imported and verified as any file would be. */
export const addDemo = async (workspace: Workspace): Promise<void> => {
  if ((await workspace.store.imports.list()).length > 0) return;
  const folder = path.join(workspace.home, 'demo');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'demo-arithmetic.jsonl');
  await writeFile(
    file,
    `${demoRecords()
      .map((r) => JSON.stringify(r))
      .join('\n')}\n`,
  );
  await workspace.imports.start({ sources: [{ path: file }], mapping: DEMO_MAPPING, verify: true });
};
