import type { Review } from '@flywheel/domain/review';

/**
 * Owns: reviews that the server has not confirmed, their order and their sending.
 * Does not own: where they are kept (`OutboxStorage`) and how they travel (`send`).
 * Nothing lost: a review is stored before it is sent and removed only after the server confirmed it.
 * Nothing twice: ids are made by the client and the server is idempotent on them, so a resend is harmless.
 */
export interface OutboxItem {
  /** Ascending in order of writing. */
  readonly order: number;
  readonly review: Review;
  /** Why the server refused it; null while it waits. A refused item is kept until someone decides. */
  readonly refused: string | null;
}

export interface OutboxStorage {
  /** In ascending order. */
  all(): Promise<OutboxItem[]>;
  add(review: Review): Promise<void>;
  remove(order: number): Promise<void>;
  refuse(order: number, why: string): Promise<void>;
  clearRefusals(): Promise<void>;
}

/** Thrown by `send` when the server understood and said no; anything else counts as "not reachable". */
export class RefusedReview extends Error {
  override name = 'RefusedReview';
}

export interface OutboxState {
  readonly waiting: number;
  readonly refused: readonly { order: number; review: Review; why: string }[];
  readonly sending: boolean;
  /** When the next try is due, ms since 1970; null when none is planned. */
  readonly retryAt: number | null;
}

export interface OutboxOptions {
  storage: OutboxStorage;
  send: (review: Review) => Promise<void>;
  onChange: (state: OutboxState) => void;
  onSent?: (review: Review) => void;
  /** One sender at a time across tabs; the default runs at once. */
  exclusively?: (work: () => Promise<void>) => Promise<void>;
  now?: () => number;
  later?: (work: () => void, ms: number) => () => void;
  random?: () => number;
}

/** Milliseconds before try `n` (1-based): 1 s doubling to 30 s, with up to a quarter of jitter taken off. */
export const backoff = (n: number, random: number): number => {
  const full = Math.min(30_000, 1_000 * 2 ** (n - 1));
  return Math.round(full * (1 - 0.25 * random));
};

const timer = (work: () => void, ms: number): (() => void) => {
  const id = setTimeout(work, ms);
  return () => clearTimeout(id);
};

/** Keeps and sends reviews, oldest first. `wake` at start, when the network returns, and after a change. */
export class Outbox {
  readonly #o: OutboxOptions;
  #tries = 0;
  #running: Promise<void> | null = null;
  #again = false;
  #cancelRetry: (() => void) | null = null;
  #state: OutboxState = { waiting: 0, refused: [], sending: false, retryAt: null };
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#o = options;
  }

  /** Resolves when the review is stored; sending goes on by itself. Rejects when it could not be stored. */
  async put(review: Review): Promise<void> {
    await this.#o.storage.add(review);
    void this.wake();
  }

  /** Sends what waits, now. Resolves when there is nothing left to do or the server is away. */
  wake(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#run().finally(() => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        void this.wake();
      }
    });
    return this.#running;
  }

  /** Refused items are tried again. */
  async retryRefused(): Promise<void> {
    await this.#o.storage.clearRefusals();
    await this.wake();
  }

  /** Gives up a refused item for good; the reviewer chose so. */
  async discard(order: number): Promise<void> {
    await this.#o.storage.remove(order);
    await this.#report({});
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
  }

  async #run(): Promise<void> {
    const exclusively = this.#o.exclusively ?? ((work) => work());
    await this.#report({ sending: true, retryAt: null });
    await exclusively(async () => {
      do {
        this.#again = false;
        for (;;) {
          const item = (await this.#o.storage.all()).find((i) => i.refused === null);
          if (item === undefined || this.#closed) break;
          if (!(await this.#sendOne(item))) return;
        }
      } while (this.#again);
    });
    await this.#report({ sending: false });
  }

  /** False when the server is away: the rest keeps its order and waits. */
  async #sendOne(item: OutboxItem): Promise<boolean> {
    try {
      await this.#o.send(item.review);
    } catch (error) {
      if (error instanceof RefusedReview) {
        await this.#o.storage.refuse(item.order, error.message);
        await this.#report({});
        return true;
      }
      this.#again = false;
      this.#tries += 1;
      const wait = backoff(this.#tries, (this.#o.random ?? Math.random)());
      this.#cancelRetry = (this.#o.later ?? timer)(() => void this.wake(), wait);
      await this.#report({ retryAt: (this.#o.now ?? Date.now)() + wait });
      return false;
    }
    this.#tries = 0;
    await this.#o.storage.remove(item.order);
    this.#o.onSent?.(item.review);
    await this.#report({});
    return true;
  }

  async #report(change: Partial<OutboxState>): Promise<void> {
    const items = await this.#o.storage.all();
    this.#state = {
      ...this.#state,
      ...change,
      waiting: items.filter((i) => i.refused === null).length,
      refused: items.flatMap((i) =>
        i.refused === null ? [] : [{ order: i.order, review: i.review, why: i.refused }],
      ),
    };
    this.#o.onChange(this.#state);
  }
}
