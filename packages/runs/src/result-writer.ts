import type { RunId } from '@flywheel/domain/ids';
import type { ItemResult, Tally } from '@flywheel/domain/run-item';
import type { RunStore } from './run-store.ts';

export interface WriterPorts {
  runs: Pick<RunStore, 'record'>;
  /** Resolves when every answer that was given so far is on disk. */
  flush(): Promise<void>;
}

/** Results are written after so many milliseconds, or when there are so many: each batch costs as much as two hundred of them. */
const GATHER_MS = 400;
const GATHER = 500;
/** So many may wait at most. */
const ROOM = 4_000;

/**
 * Keeps results in batches, one transaction each: a paid answer first ({@link WriterPorts.flush}), then what was made of
 * it. After a failure nothing more is written.
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

  /** Takes a result; waits only where too many are not yet written. Throws what made writing fail. */
  async add(result: ItemResult): Promise<void> {
    this.waiting.push(result);
    this.writeSoon();
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
      if (this.waiting.length > 0 && !this.broken) this.writeSoon();
    });
    return this.writing;
  }

  private writeSoon(): void {
    if (this.waiting.length >= GATHER) void this.write();
    else this.timer ??= setTimeout(() => void this.write(), GATHER_MS);
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
