import type { RunId } from '@flywheel/domain/ids';
import type { ItemResult } from './item-result.ts';
import type { RunStore, Tally } from './run-store.ts';

export interface WriterPorts {
  runs: Pick<RunStore, 'record'>;
  /** Resolves when every answer that was given so far is on disk. */
  flush(): Promise<void>;
}

/** How long results gather before they are written, in milliseconds, and how many may wait at most. */
const GATHER_MS = 500;
const ROOM = 4_000;

/**
 * Keeps results in batches, one transaction each: a paid answer first ({@link WriterPorts.flush}), then what was made of
 * it. After a failure nothing more is written, and {@link failure} says why.
 */
export class ResultWriter {
  private readonly id: RunId;
  private readonly ports: WriterPorts;
  private readonly onKept: (results: ItemResult[], kept: Omit<Tally, 'total'>) => void;
  private waiting: ItemResult[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | null = null;
  private broken: { error: unknown } | null = null;

  constructor(id: RunId, ports: WriterPorts, onKept: ResultWriter['onKept']) {
    this.id = id;
    this.ports = ports;
    this.onKept = onKept;
  }

  /** Why writing failed, or null. */
  get failure(): { error: unknown } | null {
    return this.broken;
  }

  /** Takes a result; waits only where too many are not yet written. Throws what made writing fail. */
  async add(result: ItemResult): Promise<void> {
    this.waiting.push(result);
    this.timer ??= setTimeout(() => void this.write(), GATHER_MS);
    while (this.waiting.length > ROOM && !this.broken) await this.write();
    if (this.broken) throw this.broken.error;
  }

  /** Resolves when everything is written. Throws what made writing fail. */
  async drain(): Promise<void> {
    while ((this.waiting.length > 0 || this.writing) && !this.broken) await this.write();
    clearTimeout(this.timer);
    if (this.broken) throw this.broken.error;
  }

  private write(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
      // Results that came in meanwhile have no timer of their own.
      if (this.waiting.length > 0 && !this.broken)
        this.timer ??= setTimeout(() => void this.write(), GATHER_MS);
    });
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.waiting;
    this.waiting = [];
    try {
      await this.ports.flush();
      this.onKept(batch, await this.ports.runs.record(this.id, batch));
    } catch (error) {
      this.broken = { error };
    }
  }
}
