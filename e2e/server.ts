import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..');

export interface TestServer {
  /** With the token. */
  url: string;
  home: string;
  /** Runs the `flywheel` command against the served workspace; resolves with its standard output. */
  cli: (...args: string[]) => Promise<string>;
  stop: () => Promise<void>;
}

/** The real server over a fresh home, as `npm start` runs it, on a port of its own. */
export const startServer = async (args: readonly string[] = []): Promise<TestServer> => {
  const home = mkdtempSync(join(tmpdir(), 'flywheel-e2e-'));
  const child: ChildProcess = spawn(
    process.execPath,
    [join(ROOT, 'scripts/flywheel.mjs'), 'serve', '--home', home, '--port', '0', '--no-open', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?\S+/.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', (code) => reject(new Error(`The server stopped (${code}):\n${output}`)));
  });
  return {
    url,
    home,
    cli: async (...args) => {
      const command = [join(ROOT, 'scripts/flywheel.mjs'), ...args, '--home', home];
      return (await promisify(execFile)(process.execPath, command)).stdout;
    },
    stop: async () => {
      const over = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await over;
      rmSync(home, { recursive: true, force: true });
    },
  };
};
