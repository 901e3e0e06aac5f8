#!/usr/bin/env node
// Starts the CLI under Node 24 from node_modules, whatever Node runs this file.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { env, root } from './setup.mjs';

const node = join(root, 'node_modules', '.bin', 'node');
if (!existsSync(node)) {
  console.error('Flywheel is not installed yet: run `npm ci` (or `npm start`) in its folder first.');
  process.exit(3);
}
const child = spawn(node, [join(root, 'apps', 'cli', 'src', 'main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
