// Set-up shared by the entry scripts. Plain JavaScript: it runs under whatever Node (>= 18) is there before the install.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');

/** Environment in which our tools run: Node 24 from `node_modules/.bin` first, no downloads by onnxruntime-node. */
export const env = {
  ...process.env,
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  ORT_DISABLE_TELEMETRY: '1',
  PATH: `${bin}${delimiter}${process.env.PATH}`,
};

/** Runs a command of `node_modules/.bin` in the repository's root; returns its exit code. */
export const runStep = ([command, ...args], options = {}) => {
  const result = spawnSync(join(bin, command), args, { cwd: root, env, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
};

/** Installs the locked dependencies when they are missing or the lock file has changed since. */
export const ensureInstalled = () => {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.flywheel-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing the locked dependencies ...');
  // Not `npm ci`: it refuses a lock file that was written on another platform and lacks optional packages of this one.
  // Every version in the package.json files is exact, and without saving the lock file stays as it is.
  const result = spawnSync('npm', ['install', '--no-save'], {
    cwd: root,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('npm install failed (see above). Check the network and the registry, then run this again.');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
};
