// Builds the front end when its sources changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runStep } from './setup.mjs';

const SOURCES = ['apps/web', 'apps/server/src', 'packages', 'package-lock.json', 'vite.config.ts'];

const hashSources = () => {
  const hash = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (/(^|\/)(node_modules|dist)$/.test(path) || /\.test\.tsx?$/.test(path)) return;
    try {
      for (const name of readdirSync(full).sort()) visit(`${path}/${name}`);
    } catch (error) {
      if (error.code !== 'ENOTDIR') throw error;
      hash.update(path).update('\0').update(readFileSync(full));
    }
  };
  SOURCES.forEach(visit);
  return hash.digest('hex');
};

export const ensureBuilt = () => {
  const dist = join(root, 'apps', 'web', 'dist');
  const stamp = join(root, 'node_modules', '.flywheel-web');
  const now = hashSources();
  if (existsSync(join(dist, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now)
    return;
  console.error('Building the front end ...');
  const code = runStep(['vite', 'build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2] });
  if (code !== 0) process.exit(code);
  writeFileSync(stamp, now);
};
