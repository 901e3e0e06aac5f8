#!/usr/bin/env node
// Runs every check in order and sums up; sets up what is missing first.
import { ensureBuilt } from './build-web.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled, runStep } from './setup.mjs';

ensureInstalled();
ensureChromium();
ensureBuilt();
const steps = [
  ['lint and format', ['biome', 'check', '--error-on-warnings']],
  ['types', ['tsc', '-b']],
  ['unit', ['vitest', 'run']],
  ['e2e', ['playwright', 'test']],
];
const failed = [];
for (const [name, command] of steps) {
  console.log(`\n=== ${name}: ${command.join(' ')}`);
  if (runStep(command) !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
