// The browser of the e2e tests: Debian's when it is there or can be installed, else Playwright's own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { runStep } from './setup.mjs';

export const ensureChromium = () => {
  if (existsSync('/usr/bin/chromium')) return;
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    console.error('Installing Chromium for the e2e tests ...');
    const quiet = { stdio: ['ignore', 'ignore', 2] };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    if (spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], quiet).status === 0) return;
  }
  if (runStep(['playwright', 'install', 'chromium']) !== 0)
    console.error('No Chromium could be installed; the e2e tests will say so.');
};
