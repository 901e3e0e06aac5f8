import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TraceId } from '@flywheel/domain/ids';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { requireQuery } from '@flywheel/domain/query/parse';
import { expect, it } from 'vitest';
import { BATCH, numbered, said } from './import-kill.fixture.ts';
import { openStore, type Store } from './store.ts';

const CHILD = fileURLToPath(new URL('./import-kill.child.ts', import.meta.url));
const ROUNDS = 8;

/** Runs the child from record `start` on until, `after` milliseconds into its work or its life, it is killed -9. Returns its lines. */
const killed = async (home: string, start: number, after: number, of: 'work' | 'life'): Promise<string[]> => {
  const child = spawn(process.execPath, [CHILD, home, String(start)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const kill = (): void => void setTimeout(() => child.kill('SIGKILL'), after);
  if (of === 'life') kill();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '' && of === 'work') kill();
    output += text;
  });
  const [, signal] = await once(child, 'close');
  expect(signal, 'the child lives until it is killed').toBe('SIGKILL');
  return output.split('\n').slice(0, -1);
};

/** Compares what is there with what was acknowledged; words of single records are looked up from record `from` on. */
const expectWhole = async (
  store: Store,
  acknowledged: number,
  judged: readonly number[],
  from: number,
): Promise<number> => {
  const seqs = await store.traces.seqs(requireQuery(''));
  const all = (await store.traces.texts(seqs)).map((t) => Number(t.answer));
  const numberOf = new Map([...seqs].map((seq, i) => [seq, all[i]]));
  const numbers = async (query: string) =>
    [...(await store.traces.seqs(requireQuery(query)))].map((seq) => numberOf.get(seq));
  // Each record once, in order, and whole batches only: those that were acknowledged, and at most the one in hand.
  expect(all).toEqual(all.map((_, i) => i));
  expect(all.length % BATCH).toBe(0);
  expect(all.length).toBeGreaterThanOrEqual(acknowledged);

  // Search finds what a scan finds.
  const scan = (word: (n: number) => string, wanted: string) => all.filter((n) => word(n) === wanted);
  expect(await numbers('everyone')).toEqual(all);
  expect(await numbers('third1')).toEqual(scan((n) => `third${n % 3}`, 'third1'));
  for (let batch = Math.floor(from / BATCH); batch < all.length / BATCH; batch++)
    expect(await numbers(`batch${batch}`)).toEqual(
      scan((n) => `batch${Math.floor(n / BATCH)}`, `batch${batch}`),
    );
  for (const n of [0, 7, all.length - 1].filter((i) => i in all)) {
    expect(await numbers(`only${n}`)).toEqual([n]);
    const asked = Math.floor(n / 7);
    expect(await numbers(`ask${asked}`)).toEqual(scan((i) => String(Math.floor(i / 7)), String(asked)));
  }
  for (let n = from; n < all.length; n += 50) expect(await numbers(`gold${n}`)).toEqual([n]);
  for (const n of judged.filter((j) => j >= from)) expect(await numbers(said(n))).toEqual([n]);

  if (all.length === 0) return 0;
  const last = await store.traces.open(numbered(all.length - 1).id as TraceId);
  expect(last?.steps).toEqual(numbered(all.length - 1).steps);
  return all.length;
};

it(`[S35] ${ROUNDS} kill -9 rounds in the middle of imports: what was acknowledged is there, once, and is found`, async () => {
  const random = seededRandom(5);
  const home = mkdtempSync(join(tmpdir(), 'flywheel-kill-'));
  try {
    let there = 0;
    let batches = 0;
    const judged: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      // Some die while they open the store.
      const lines =
        i % 4 === 0
          ? await killed(home, there, 250 + random() * 500, 'life')
          : await killed(home, there, 10 + random() * 350, 'work');
      const words = lines.map((line) => line.split(' '));
      const acks = words.filter(([word]) => word === 'ack').map(([, , to]) => Number(to));
      judged.push(...words.filter(([word]) => word === 'judged').map(([, n]) => Number(n)));
      batches += acks.length;
      const store = await openStore(home);
      there = await expectWhole(store, Math.max(there, ...acks), judged, Math.max(0, there - BATCH));
      expect((await store.imports.list()).every((row) => row.state === 'running')).toBe(true);
      await store.close();
    }
    expect(batches, 'batches that were acknowledged').toBeGreaterThan(ROUNDS);
    const store = await openStore(home);
    const { checks } = await store.maintenance.doctor();
    expect(checks.filter((c) => !c.ok)).toEqual([]);
    expect(checks.find((c) => c.name.startsWith('resolved'))).toMatchObject({ mended: false });
    await expectWhole(store, there, judged, 0);
    await store.close();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}, 120_000);
