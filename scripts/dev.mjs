#!/usr/bin/env node
// npm run dev: the API server and Vite with hot reload. Vite's proxy passes /trpc, /upload and /download on;
// it must set Host and Origin to the server's (vite.config.ts reads the two variables below).
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ensureInstalled, env, root } from './setup.mjs';

ensureInstalled();
const port = process.env.FLYWHEEL_DEV_PORT ?? '4318';
const token = randomBytes(24).toString('base64url');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const shared = { ...env, FLYWHEEL_DEV_API: `http://127.0.0.1:${port}`, FLYWHEEL_DEV_TOKEN: token };
const children = [
  spawn(bin('node'), ['--watch', join(root, 'apps/cli/src/main.ts'), 'serve', '--no-open', '--port', port], {
    cwd: root,
    stdio: 'inherit',
    env: shared,
  }),
  spawn(bin('vite'), [], { cwd: root, stdio: 'inherit', env: shared }),
];
const stop = (code) => {
  for (const child of children) child.kill('SIGTERM');
  process.exitCode = code;
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(130));
for (const child of children) child.on('exit', (code) => stop(code ?? 0));
