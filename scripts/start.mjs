#!/usr/bin/env node
// npm start: installs and builds what is missing, then serves.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './build-web.mjs';
import { ensureInstalled, env, root } from './setup.mjs';

ensureInstalled();
ensureBuilt();
const child = spawn(
  join(root, 'node_modules', '.bin', 'node'),
  [join(root, 'apps', 'cli', 'src', 'main.ts'), 'serve', ...process.argv.slice(2)],
  { stdio: 'inherit', env },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
