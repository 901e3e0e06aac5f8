import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SpawnedStub } from '@flywheel/testkit/llm/spawn-stub-llm';
import { freshHome } from './prepared-home.ts';

const CHILD = join(import.meta.dirname, 'restart.child.ts');

export interface Restart {
  items: number;
  /** Calls beyond one an item. */
  repeated: number;
  /** In flight when it was killed; what is repeated beyond these was answered and not on disk yet. */
  inFlight: number;
  /** From the start of the second process to its first call. */
  secondsToFirstCall: number;
  /** Most calls in flight that the second process reached. */
  concurrency: number;
}

const begin = (home: string, query: string): ChildProcess =>
  spawn(process.execPath, [CHILD, home, query], { stdio: ['ignore', 'inherit', 'inherit'] });

/** Kills a run -9 when half of its `items` were asked, and lets another process go on with it. */
export const restartAfterKill = async (stub: SpawnedStub, query: string, items: number): Promise<Restart> => {
  const { home, workspace } = await freshHome('restart', stub.url);
  await workspace.close();
  await stub.reset();
  const first = begin(home, query);
  // The log is long: only its end is asked for.
  let asked = 0;
  while (asked < items / 2) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    asked = (await stub.log(asked)).calls.at(-1)?.number ?? asked;
  }
  first.kill('SIGKILL');
  await once(first, 'close');
  const before = (await stub.log()).calls.length;
  const began = Date.now();
  const second = begin(home, query);
  const [code] = await once(second, 'close');
  if (code !== 0) throw new Error(`The process that went on ended with code ${code}.`);
  const { calls } = await stub.log();
  const later = calls.slice(before);
  return {
    items,
    repeated: calls.length - items,
    inFlight: calls.filter((call) => call.end === 'gone').length,
    secondsToFirstCall: ((later[0]?.at ?? Number.NaN) - began) / 1000,
    concurrency: later.reduce((most, call) => Math.max(most, call.inFlight), 0),
  };
};
