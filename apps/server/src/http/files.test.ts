import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { downloadable } from './files.ts';

it('[R7] finds plain files of the three folders, and nothing by climbing or by links', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'flywheel-files-'));
  await mkdir(path.join(home, 'exports'));
  await writeFile(path.join(home, 'exports', 'a.jsonl'), '{}');
  await writeFile(path.join(home, 'server.json'), 'secret');
  await symlink(path.join(home, 'server.json'), path.join(home, 'exports', 'link.json'));
  expect(await downloadable(home, 'exports', 'a.jsonl')).toMatch(/exports\/a\.jsonl$/);
  for (const [folder, file] of [
    ['exports', '../server.json'],
    ['exports', '..'],
    ['exports', 'link.json'],
    ['.', 'server.json'],
    ['exports/..', 'server.json'],
    ['uploads', 'a.jsonl'],
    ['exports', 'missing.jsonl'],
  ] as const)
    expect(await downloadable(home, folder, file), `${folder}/${file}`).toBeNull();
});
