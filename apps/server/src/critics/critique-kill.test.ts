import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { RunId, TraceId } from '@flywheel/domain/ids';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { temporaryHome } from '@flywheel/testkit/home';
import { spawnStubLlm } from '@flywheel/testkit/llm/spawn-stub-llm';
import { expect, it } from 'vitest';
import { openWorkspace } from '../workspace.ts';
import { fillWithGold, goldMap, KEY_PATTERN, prepare } from './critique.fixture.ts';

const CHILD = fileURLToPath(new URL('./critique-kill.child.ts', import.meta.url));
const ITEMS = 2_000;
const ROUNDS = 20;

/** Runs the child until it ends or, `ms` after its work began, is killed -9. Returns what it said. */
const round = async (home: string, ms: number | null): Promise<string> => {
  const child = spawn(process.execPath, [CHILD, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '' && ms !== null) setTimeout(() => child.kill('SIGKILL'), ms);
    said += text;
  });
  await once(child, 'close');
  return said;
};

const keptAnswers = (home: string): number => {
  const db = new DatabaseSync(join(home, 'answers.sqlite'), { readOnly: true });
  try {
    return Number(db.prepare('SELECT count(*) AS n FROM answer').get()?.n);
  } finally {
    db.close();
  }
};

it(`[R20] ${ROUNDS} kill -9 in a run of ${ITEMS} items: every item once, no call again whose answer was kept`, async () => {
  const random = seededRandom(20);
  const { home, remove } = await temporaryHome('critique-kill');
  const stub = await spawnStubLlm({
    answers: { kind: 'gold-map', gold: goldMap(ITEMS), accuracy: 0.8, seed: 2 },
    keyPattern: KEY_PATTERN,
    latency: { kind: 'uniform', min: 20, max: 120 },
  });
  try {
    const made = await openWorkspace(home);
    const traces = await fillWithGold(made, ITEMS);
    await prepare(made, stub.url, { limits: { concurrency: 12 } });
    await made.close();
    let cut = 0;
    let mayRepeat = 0;
    let asked = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const said = await round(home, 100 + random() * 900);
      if (!said.includes('ended')) cut++;
      const { calls } = await stub.log(asked);
      asked += calls.length;
      // What was under way, or answered and not on disk yet, is all that may be asked again.
      mayRepeat = asked - keptAnswers(home);
    }
    expect(cut, 'rounds that were cut off').toBeGreaterThan(10);
    expect(await round(home, null)).toContain('ended succeeded');
    const { calls } = await stub.log();
    const perItem = new Map<string, number>();
    for (const { key } of calls) perItem.set(String(key), (perItem.get(String(key)) ?? 0) + 1);
    expect(perItem.size).toBe(ITEMS);
    expect(keptAnswers(home)).toBe(ITEMS);
    // A call is asked again only for a kill that caught it: at most twelve were in flight, and what came in the last moments.
    expect(calls.length - ITEMS).toBeLessThanOrEqual(mayRepeat);
    expect(calls.length - ITEMS).toBeLessThan(ROUNDS * 3 * 12);
    const after = await openWorkspace(home);
    const [run] = await after.runs.list();
    expect(run).toMatchObject({ state: 'succeeded', total: ITEMS, done: ITEMS, failed: 0 });
    const page = await after.store.runAnswers.page(run?.id as RunId, {
      filter: 'all',
      offset: 0,
      limit: 5_000,
    });
    expect(new Set(page.items.map((a) => a.trace)).size).toBe(ITEMS);
    expect(page.total).toBe(ITEMS);
    const opened = await after.store.traces.open(traces[ITEMS - 1] as TraceId);
    expect(opened?.judgements.filter((j) => j.judge === 'critic:first-error@1').length).toBe(1);
    await after.close();
  } finally {
    await stub.stop();
    await remove();
  }
}, 240_000);
