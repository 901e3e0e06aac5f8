import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { requireQuery } from '@flywheel/domain/query/parse';
import { openStore } from '@flywheel/store/store';
import { temporaryHome } from '@flywheel/testkit/home';
import { stubVerdict } from '@flywheel/testkit/stub-verdict';
import { expect, it } from 'vitest';
import { fill, rowsOf } from './engine.fixture.ts';

const CHILD = fileURLToPath(new URL('./kill-rounds.child.ts', import.meta.url));
const TRACES = 3_000;
const ROUNDS = 8;

/** Runs the child until it ends or, `after` milliseconds into its work, is killed -9. Returns what it said. */
const round = async (home: string, after: number | null): Promise<string> => {
  const child = spawn(process.execPath, [CHILD, home, String(TRACES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '' && after !== null) setTimeout(() => child.kill('SIGKILL'), after);
    said += text;
  });
  await once(child, 'close');
  return said;
};

it(`[R2] ${ROUNDS} kill -9 rounds at random moments: nothing is lost, nothing is there twice`, async () => {
  const random = seededRandom(9);
  const { home, remove } = await temporaryHome('kill');
  try {
    const store = await openStore(home);
    await fill(store, TRACES);
    await store.close();
    let cut = 0;
    let before = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const said = await round(home, 20 + random() * 250);
      const between = await openStore(home);
      const { results, distinctResults, verdicts, distinctVerdicts, done } = await rowsOf(between, 1);
      const [run] = await between.runs.list();
      await between.close();
      if (!said.includes('ended')) cut++;
      expect(distinctResults).toBe(results);
      expect([verdicts, distinctVerdicts]).toEqual([done, done]);
      expect(results).toBeGreaterThanOrEqual(before);
      expect(['queued', 'running', 'succeeded']).toContain(run?.state);
      before = results;
    }
    expect(cut, 'rounds that were cut off').toBeGreaterThan(2);
    await round(home, null);
    const after = await openStore(home);
    const [run] = await after.runs.list();
    const numbers = Array.from({ length: TRACES }, (_, i) => stubVerdict(i + 1));
    const skipped = numbers.filter((v) => v === null).length;
    const flawed = numbers.filter((v) => v === 'flawed').length;
    expect(run).toMatchObject({
      state: 'succeeded',
      total: TRACES,
      done: TRACES - skipped,
      skipped,
      failed: 0,
    });
    expect(run?.result.flawed).toBe(flawed);
    expect(await rowsOf(after, 1)).toMatchObject({ results: TRACES, verdicts: TRACES - skipped, missing: 0 });
    const found = await after.traces.seqs(requireQuery('judge:verifier:stub error:0'));
    expect(found.length).toBe(flawed);
    await after.close();
  } finally {
    await remove();
  }
}, 180_000);
