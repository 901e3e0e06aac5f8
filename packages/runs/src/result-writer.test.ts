import { RunId } from '@flywheel/domain/ids';
import type { ItemResult } from '@flywheel/domain/run-item';
import { expect, it } from 'vitest';
import { ResultWriter } from './result-writer.ts';

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const results = (from: number, n: number): ItemResult[] =>
  Array.from({ length: n }, (_, i) => ({ seq: from + i, repetition: 0, state: 'done' }));

/** A writer over a memory that keeps what it is given, or fails from `fails` on; `events` is what happened, in order. */
const writer = ({ fails = () => false }: { fails?: () => boolean } = {}) => {
  const events: string[] = [];
  const kept: number[] = [];
  const made = new ResultWriter(
    RunId.parse(1),
    {
      flush: async () => {
        events.push('flush');
        await after(1);
      },
      runs: {
        record: async (_id, batch) => {
          await after(5);
          if (fails()) throw new Error('The disk is full.');
          events.push(`record ${batch.length}`);
          kept.push(...batch.map((r) => r.seq));
          return { done: batch.length, failed: 0, skipped: 0, flawed: 0 };
        },
      },
    },
    (batch, tally) => events.push(`kept ${batch.length} ${tally.done}`),
  );
  return { made, events, kept };
};

it('[R10] answers are on disk before what was made of them, and it is told only then', async () => {
  const { made, events } = writer();
  for (const result of results(0, 3)) await made.add(result);
  await made.drain();
  expect(events).toEqual(['flush', 'record 3', 'kept 3 3']);
});

it('[R2] results of a burst are written in batches while more come in, each once, in order', async () => {
  const { made, kept, events } = writer();
  for (const result of results(0, 2_750)) {
    await made.add(result);
    if (result.seq % 400 === 0) await after(4);
  }
  await made.drain();
  expect(kept).toEqual(Array.from({ length: 2_750 }, (_, i) => i));
  const batches = events.filter((event) => event.startsWith('record')).length;
  expect(batches).toBeGreaterThan(1);
  expect(batches).toBeLessThan(10);
});

it('[R2] few results do not wait for many: they are written within a second, unasked', async () => {
  const { made, kept } = writer();
  for (const result of results(0, 2)) await made.add(result);
  await after(900);
  expect(kept).toEqual([0, 1]);
});

it('[R26] what made writing fail reaches whoever adds or drains, and nothing is written behind it', async () => {
  let full = false;
  const { made, kept } = writer({ fails: () => full });
  for (const result of results(0, 10)) await made.add(result);
  await made.drain();
  full = true;
  await made.add({ seq: 10, repetition: 0, state: 'done' });
  await expect(made.drain()).rejects.toThrow('The disk is full.');
  full = false;
  await expect(made.add({ seq: 11, repetition: 0, state: 'done' })).rejects.toThrow('The disk is full.');
  await expect(made.drain()).rejects.toThrow('The disk is full.');
  expect(kept).toEqual(Array.from({ length: 10 }, (_, i) => i));
});
