import type { RunId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import type { ItemResult, Tally } from '@flywheel/domain/run-item';
import type { RunConfig } from '@flywheel/domain/run-record';
import type { TraceText } from '@flywheel/domain/trace';
import { ItemSource } from '../item-source.ts';
import { ResultWriter } from '../result-writer.ts';
import type { JobContext, RunHandler } from '../run-handler.ts';
import type { RunStore } from '../run-store.ts';
import { LeaseDesk } from './lease-desk.ts';
import type { LeasePort, LocalWork } from './local-ports.ts';

export interface LocalPorts {
  runs: Pick<RunStore, 'missing' | 'tally' | 'get'>;
  /** Keeps results and what the model found; an item that has a result keeps the first. Returns what was kept of these. */
  record(id: RunId, config: RunConfig, results: ItemResult[]): Promise<Omit<Tally, 'total'>>;
  texts(seqs: Uint32Array): Promise<TraceText[]>;
  /** Makes a run's config ready to work. */
  open(config: RunConfig, id: RunId): Promise<LocalWork>;
  /** Does the work on a thread of this server, until the desk hands nothing out any more. @throws when the model cannot go on */
  serve(config: RunConfig, desk: LeasePort, signal: AbortSignal): Promise<void>;
  /** Desks of the runs that work now, by run: where tabs find them. */
  desks: Map<number, LeaseDesk>;
  leaseMs?: number;
}

/**
 * Has a local model do every item that has no result: on a thread of the server, or in tabs that lease them. Where nobody leases
 * any, the run waits.
 */
export const localRun = (
  ports: LocalPorts,
  fingerprint: NonNullable<RunHandler['fingerprint']>,
): RunHandler => ({
  manner: 'beside',
  itemwise: true,
  pausable: true,
  fingerprint,
  work: async (job) => new LocalJob(job, ports, await ports.open(job.config, job.id)).run(),
});

class LocalJob {
  private readonly job: JobContext;
  private readonly ports: LocalPorts;
  private readonly work: LocalWork;
  private readonly source: ItemSource;
  private readonly writer: ResultWriter;
  private readonly desk: LeaseDesk;
  private tally = { total: 0, done: 0, failed: 0, skipped: 0, flawed: 0 };
  private tokens = 0;
  /** Wakes the run when what is out has changed. */
  private wake: () => void = () => undefined;

  constructor(job: JobContext, ports: LocalPorts, work: LocalWork) {
    this.job = job;
    this.ports = ports;
    this.work = work;
    this.source = new ItemSource(job.id, ports);
    this.writer = new ResultWriter(
      job.id,
      {
        runs: { record: (id, results) => ports.record(id, job.config, results) },
        flush: () => Promise.resolve(),
      },
      (results, kept) => {
        for (const result of results) this.source.done(result);
        for (const key of ['done', 'failed', 'skipped', 'flawed'] as const) this.tally[key] += kept[key];
        this.report();
        this.wake();
      },
    );
    this.desk = new LeaseDesk({
      source: this.source,
      work,
      keep: (result) => this.keep(result),
      changed: () => {
        this.report();
        this.wake();
      },
      ...(ports.leaseMs === undefined ? {} : { leaseMs: ports.leaseMs }),
    });
  }

  async run(): Promise<RunSummary['result']> {
    const { job, ports, desk } = this;
    this.tally = (await ports.runs.tally(job.id)) ?? this.tally;
    this.tokens = Number((await ports.runs.get(job.id))?.result.tokens ?? 0);
    this.report();
    const serving = new AbortController();
    let broken: { error: unknown } | null = null;
    const wakes = [job.signal, job.hold].map((signal) => {
      const heard = (): void => {
        // At once: the run itself may be waiting for results to be written.
        desk.close();
        this.wake();
      };
      signal.addEventListener('abort', heard);
      return () => signal.removeEventListener('abort', heard);
    });
    if (job.hold.aborted) desk.close();
    ports.desks.set(job.id, desk);
    const served =
      this.work.executor === 'worker'
        ? ports.serve(job.config, desk, AbortSignal.any([job.signal, serving.signal])).catch((error) => {
            broken = { error };
            this.wake();
          })
        : Promise.resolve();
    try {
      while (!job.signal.aborted && !broken) {
        const changed = new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        if (desk.leased === 0) {
          await this.writer.drain();
          const over = job.hold.aborted || (await ports.runs.missing(job.id, 1)).length === 0;
          if (over && desk.leased === 0) break;
        }
        await changed;
      }
      if (broken && !job.signal.aborted) throw (broken as { error: unknown }).error;
      return this.result;
    } finally {
      for (const stop of wakes) stop();
      ports.desks.delete(job.id);
      desk.end();
      serving.abort();
      // A model that computes hears of it between two runs of its graph: a cancel does not wait so long.
      if (!job.signal.aborted) await served;
      await this.writer.drain();
    }
  }

  private async keep(result: ItemResult): Promise<void> {
    this.tokens += tokensOf(result);
    await this.writer.add(result);
  }

  private get result(): RunSummary['result'] {
    return { flawed: this.tally.flawed, tokens: this.tokens, executor: this.work.executor };
  }

  private report(): void {
    const { flawed: _flawed, ...counts } = this.tally;
    this.job.report({ ...counts, result: { ...this.result, workers: this.desk.workers.length } });
  }
}

/** Tokens that a result is made of: those that were scored, or written. */
const tokensOf = ({ local }: ItemResult): number =>
  (local?.steps?.reduce((n, step) => n + step.surprisal.length, 0) ?? 0) + (local?.writtenTokens ?? 0);
