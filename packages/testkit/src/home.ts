import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh, empty folder for one test, and how to take it away again. */
export const temporaryHome = async (
  name = 'home',
): Promise<{ home: string; remove: () => Promise<void> }> => {
  const home = await mkdtemp(join(tmpdir(), `flywheel-${name}-`));
  return { home, remove: () => rm(home, { recursive: true, force: true }) };
};
