// A stub in a process of its own. argv[2]: StubOptionsJson, or @ and the path of a file that holds it; argv[3] `tied`: ends
// when its stdin does, so that it never outlives the test that started it. Says {"url","origin"} in one line.
import { readFileSync } from 'node:fs';
import { keyByPattern } from './key-pattern.ts';
import { startStubLlm } from './stub-llm.ts';
import type { StubOptionsJson } from './stub-options.ts';

const given = process.argv[2] ?? '{}';
const json = given.startsWith('@') ? readFileSync(given.slice(1), 'utf8') : given;
const { keyPattern, ...options } = JSON.parse(json) as StubOptionsJson;
const stub = await startStubLlm(keyPattern ? { ...options, keyOf: keyByPattern(keyPattern) } : options);
process.stdout.write(`${JSON.stringify({ url: stub.url, origin: stub.origin })}\n`);
process.on('SIGTERM', () => process.exit(0));
if (process.argv[3] === 'tied') process.stdin.on('end', () => process.exit(0)).resume();
