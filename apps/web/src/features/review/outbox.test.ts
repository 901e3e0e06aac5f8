import { ReviewId, TraceId } from '@flywheel/domain/ids';
import type { Review } from '@flywheel/domain/review';
import { describe, expect, it } from 'vitest';
import { act, newDraft, sign } from './draft.ts';
import {
  backoff,
  Outbox,
  type OutboxItem,
  type OutboxState,
  type OutboxStorage,
  RefusedReview,
} from './outbox.ts';

const review = (n: number): Review =>
  sign(act(newDraft(TraceId.parse(n.toString(16).padStart(16, '0')), 2, false), { do: 'clean' }), {
    id: ReviewId.parse(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
    reviewer: 'ada',
    action: 'commit',
    reason: '',
    spentMs: 0,
    blind: false,
    at: n,
  });

/** Keeps items in memory as the browser's database keeps them; it outlives an Outbox, as a reload does. */
const shelf = (): OutboxStorage & { items: OutboxItem[] } => {
  let order = 0;
  const kept = {
    items: [] as OutboxItem[],
    all: async () => [...kept.items],
    add: async (r: Review) => {
      order += 1;
      kept.items.push({ order, review: r, refused: null });
    },
    remove: async (o: number) => {
      kept.items = kept.items.filter((i) => i.order !== o);
    },
    refuse: async (o: number, why: string) => {
      kept.items = kept.items.map((i) => (i.order === o ? { ...i, refused: why } : i));
    },
    clearRefusals: async () => {
      kept.items = kept.items.map((i) => ({ ...i, refused: null }));
    },
  };
  return kept;
};

const idle: OutboxState = { waiting: 0, refused: [], sending: false, retryAt: null };

describe('the outbox', () => {
  it('[R7] stores before it sends and sends in order', async () => {
    const storage = shelf();
    const sent: number[] = [];
    const outbox = new Outbox({
      storage,
      onChange: () => undefined,
      send: async (r) => {
        expect(storage.items.some((i) => i.review.id === r.id)).toBe(true);
        sent.push(r.at);
      },
    });
    await Promise.all([1, 2, 3].map((n) => outbox.put(review(n))));
    await outbox.wake();
    expect(sent).toEqual([1, 2, 3]);
    expect(storage.items).toEqual([]);
  });

  it('[R7][R8][R9] loses nothing and keeps order over a flaky server and reloads, seeded', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      let x = seed;
      const random = (): number => {
        x = (x * 1103515245 + 12345) & 0x7fffffff;
        return x / 0x7fffffff;
      };
      const storage = shelf();
      const kept = new Map<string, number>();
      const send = async (r: Review): Promise<void> => {
        if (random() < 0.3) throw new TypeError('fetch failed');
        if (!kept.has(r.id)) kept.set(r.id, r.at);
        // The answer is lost on the way back: the same review comes again.
        if (random() < 0.3) throw new TypeError('connection reset');
      };
      const open = (): Outbox =>
        new Outbox({ storage, send, onChange: () => undefined, later: () => () => undefined });
      let outbox = open();
      for (let n = 1; n <= 20; n++) {
        await outbox.put(review(n));
        if (random() < 0.2) {
          outbox.close();
          outbox = open();
        }
      }
      for (let i = 0; i < 500 && storage.items.length > 0; i++) await outbox.wake();
      expect(storage.items, `seed ${seed}`).toEqual([]);
      expect([...kept.values()], `seed ${seed}`).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    }
  });

  it('[R9] keeps a refused review, shows why, and goes on', async () => {
    const storage = shelf();
    let state = idle;
    let refuse = true;
    const sent: number[] = [];
    const outbox = new Outbox({
      storage,
      onChange: (s) => {
        state = s;
      },
      send: async (r) => {
        if (r.at === 1 && refuse) throw new RefusedReview('no trace of that id');
        sent.push(r.at);
      },
    });
    await outbox.put(review(1));
    await outbox.put(review(2));
    await outbox.wake();
    expect(sent).toEqual([2]);
    expect(state.refused).toMatchObject([{ why: 'no trace of that id' }]);
    refuse = false;
    await outbox.retryRefused();
    expect(sent).toEqual([2, 1]);
    expect(state).toEqual(idle);
  });

  it('[R9] says how many wait and when it tries again', async () => {
    let state = idle;
    let planned = 0;
    const outbox = new Outbox({
      storage: shelf(),
      onChange: (s) => {
        state = s;
      },
      send: async () => {
        throw new TypeError('fetch failed');
      },
      now: () => 1_000,
      random: () => 0,
      later: (_, ms) => {
        planned = ms;
        return () => undefined;
      },
    });
    await outbox.put(review(1));
    await outbox.wake();
    expect(state).toMatchObject({ waiting: 1, sending: false });
    expect(state.retryAt).toBe(1_000 + planned);
    expect([1, 2, 5, 6, 50].map((n) => backoff(n, 0))).toEqual([1_000, 2_000, 16_000, 30_000, 30_000]);
    expect(backoff(1, 1)).toBe(750);
  });
});
