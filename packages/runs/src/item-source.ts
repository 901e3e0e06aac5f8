import type { RunId } from '@flywheel/domain/ids';
import type { RunItem } from '@flywheel/domain/run-item';
import type { TraceText } from '@flywheel/domain/trace';
import type { RunStore } from './run-store.ts';

/** An item with its trace; null: the trace is gone (its import was undone). */
export interface LeasedItem extends RunItem {
  trace: TraceText | null;
}

export interface SourcePorts {
  runs: Pick<RunStore, 'missing'>;
  texts(seqs: Uint32Array): Promise<TraceText[]>;
}

const WINDOW = 5_000;
/** Texts that are loaded at a time, and that many are ready ahead: a look into the store takes about as long for few. */
const TEXTS = 500;
/** At first, so that the first calls wait for few. */
const FIRST_TEXTS = 150;

/**
 * Leases the items of a run that have no result: each goes to one taker until its result is kept ({@link done}) or it is
 * given back. Leases live in memory, as the executor does: whatever a dead process had leased has no result, and is
 * leased again.
 */
export class ItemSource {
  private readonly id: RunId;
  private readonly ports: SourcePorts;
  private readonly leased = new Set<string>();
  /** Those that were done since a look for missing ones began: it may still have found them. */
  private readonly doneMeanwhile = new Set<string>();
  private readonly items: RunItem[] = [];
  private readonly ready: LeasedItem[] = [];
  private begun = false;
  /** Resolves with whether it found anything. */
  private loading: Promise<boolean> | null = null;

  constructor(id: RunId, ports: SourcePorts) {
    this.id = id;
    this.ports = ports;
  }

  /** The next item, or null when every item has a result or is leased. */
  async take(): Promise<LeasedItem | null> {
    for (;;) {
      const item = this.ready.shift();
      if (item) {
        // Texts are loaded ahead, so that takers rarely wait for the store.
        if (this.ready.length < TEXTS && this.items.length > 0) void this.load();
        return item;
      }
      if (!(await this.load())) return null;
    }
  }

  /** Takes back an item that its taker could not do; it is the next to be taken. */
  giveBack(item: LeasedItem): void {
    this.ready.unshift(item);
  }

  done(item: RunItem): void {
    this.leased.delete(keyOf(item));
    if (this.loading) this.doneMeanwhile.add(keyOf(item));
  }

  private load(): Promise<boolean> {
    this.loading ??= this.more().finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  private async more(): Promise<boolean> {
    if (this.items.length === 0) {
      this.doneMeanwhile.clear();
      const missing = await this.ports.runs.missing(this.id, WINDOW + this.leased.size);
      for (const item of missing) {
        const key = keyOf(item);
        if (this.leased.has(key) || this.doneMeanwhile.has(key)) continue;
        this.leased.add(key);
        this.items.push(item);
      }
    }
    const batch = this.items.splice(0, this.begun ? TEXTS : FIRST_TEXTS);
    this.begun = true;
    if (batch.length === 0) return false;
    const texts = await this.ports.texts(Uint32Array.from(new Set(batch.map((i) => i.seq))));
    const bySeq = new Map(texts.map((t) => [t.seq, t]));
    for (const item of batch) this.ready.push({ ...item, trace: bySeq.get(item.seq) ?? null });
    return true;
  }
}

const keyOf = (item: RunItem): string => `${item.seq}.${item.repetition}`;
