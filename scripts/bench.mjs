#!/usr/bin/env node
// npm run bench -- <name> [options]: each benchmark is bench/<name>/main.ts and prints its figures, the machine and a ratio.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build-web.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled, root, runStep } from './setup.mjs';

const folder = join(root, 'bench');
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'main.ts')));
const [name, ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`Usage: npm run bench -- NAME [options]. Benchmarks: ${names.join(', ')}.`);
  process.exit(2);
}
ensureInstalled();
if (name === 'web' || name === 'inference') {
  ensureChromium();
  ensureBuilt();
}
process.exit(runStep(['node', join(folder, name, 'main.ts'), ...rest]));
