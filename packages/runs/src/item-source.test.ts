import { RunId, TraceId } from '@flywheel/domain/ids';
import type { RunItem } from '@flywheel/domain/run-item';
import type { TraceText } from '@flywheel/domain/trace';
import { expect, it } from 'vitest';
import { ItemSource } from './item-source.ts';

const ITEMS = 700;
const keyOf = ({ seq, repetition }: RunItem): string => `${seq}.${repetition}`;

/** A source over `todo`, from which what has a result is taken; the traces of `gone` are not there any more. */
const source = (gone: ReadonlySet<number> = new Set()) => {
  const todo = new Map<string, RunItem>(
    [0, 1].flatMap((repetition) =>
      Array.from(
        { length: ITEMS / 2 },
        (_, seq) => [keyOf({ seq, repetition }), { seq, repetition }] as const,
      ),
    ),
  );
  const made = new ItemSource(RunId.parse(1), {
    runs: {
      // What it read may be done by the time that it answers, as in a real store.
      missing: async (_id, limit) => {
        const found = [...todo.values()].slice(0, limit);
        await new Promise((resolve) => setTimeout(resolve, 1));
        return found;
      },
    },
    texts: async (seqs) =>
      [...seqs]
        .filter((seq) => !gone.has(seq))
        .map((seq) => ({ seq, id: TraceId.parse(seq.toString(16).padStart(16, '0')) }) as TraceText),
  });
  return { made, todo };
};

it('[R10] each item goes to one of many takers, once, with the trace that it is about', async () => {
  const { made, todo } = source();
  const taken: string[] = [];
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let item = await made.take(); item; item = await made.take()) {
        expect(item.trace?.seq).toBe(item.seq);
        taken.push(keyOf(item));
        // Some results are kept late: leased, those items are not given again.
        if (item.seq % 3 === 0) continue;
        todo.delete(keyOf(item));
        made.done(item);
      }
    }),
  );
  expect(taken.length).toBe(ITEMS);
  expect(new Set(taken).size).toBe(ITEMS);
  expect(await made.take()).toBeNull();
});

it('[R17] what came in after all was taken is found', async () => {
  const { made, todo } = source();
  for (let item = await made.take(); item; item = await made.take()) {
    todo.delete(keyOf(item));
    made.done(item);
  }
  todo.set('9000.0', { seq: 9_000, repetition: 0 });
  expect(await made.take()).toMatchObject({ seq: 9_000, repetition: 0 });
});

it('[R10] an item whose trace is gone is given out all the same, without one', async () => {
  const { made } = source(new Set([1]));
  expect((await made.take())?.trace?.seq).toBe(0);
  expect(await made.take()).toMatchObject({ seq: 1, trace: null });
});
