import { appendFile, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Progress } from '@flywheel/domain/progress';
import { checkOutput } from './check-output.node.ts';
import type { Extractor } from './command-trainer.ts';
import { LogFollower } from './follow-log.node.ts';
import { lineReader } from './line-figures.ts';
import type { LogLine } from './line-splitter.ts';
import { type CommandMetric, type Figures, MetricSeries } from './metric.ts';
import { type CommandEnd, type CommandOutcome, diedOutcome, outcomeOfEnd, outputOutcome } from './outcome.ts';
import { isAlive, killOrphans } from './processes.node.ts';
import { type CommandStart, pathsOf, readEnd, readProcesses } from './run-folder.node.ts';
import { StateFiles } from './state-files.node.ts';
import { StepRate } from './step-rate.ts';

export type CommandEvent =
  /** A line of the log; `overwritten` when a progress bar wrote over it. */
  | { type: 'line'; text: string; overwritten: boolean }
  | ({ type: 'metric' } & CommandMetric)
  | { type: 'progress'; progress: Progress }
  /** Something of the extraction is wrong, while the command goes on. */
  | { type: 'warning'; text: string };

export interface WatchOptions {
  on: (event: CommandEvent) => void;
  /** How often the log and the state are looked at, in milliseconds. */
  pollMs: number;
  /** Values that no event shows. */
  secrets: readonly string[];
  /** Ends the watching, not the command. */
  signal: AbortSignal;
}

/** Lines, and characters of each, that a failure shows. */
const LAST_LINES = 40;
const LAST_WIDTH = 2_000;
/** A supervisor that has not said who it is by then never will. */
const STARTING_MS = 60_000;

/** A metric as `metrics.jsonl` keeps it: which log it is from (-1: a state file), and where that log had been read to. */
type KeptMetric = CommandMetric & { from: number; position: number };

/** Follows a command's log and state in bounded memory until it ends, and judges how. */
export class CommandWatch {
  private readonly folder: string;
  private readonly start: CommandStart;
  private readonly options: WatchOptions;
  private readonly series: MetricSeries;
  private readonly rate: StepRate;
  private readonly read: (line: string) => Figures;
  private readonly logs: LogFollower[];
  private readonly states: StateFiles | null;
  private lastLines: string[] = [];
  private kept = '';
  private shownStep: number | null = null;

  constructor(folder: string, start: CommandStart, options: WatchOptions) {
    this.folder = folder;
    this.start = start;
    this.options = options;
    this.series = new MetricSeries(start.plan.totalSteps);
    this.rate = new StepRate(start.at);
    const extractors = start.extractors as Extractor[];
    this.read = lineReader(extractors);
    this.logs = [pathsOf(folder).log, ...start.plan.logs].map((path) => new LogFollower(path));
    this.states = extractors.some((e) => e.kind === 'trainer-state') ? new StateFiles(start.out) : null;
  }

  /** Passes the metrics of an earlier watch on again, and goes on behind them. */
  async recall(): Promise<void> {
    const text = await readFile(pathsOf(this.folder).metrics, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      let metric: KeptMetric;
      try {
        metric = JSON.parse(line) as KeptMetric;
      } catch {
        // The last line of a watch that was killed.
        continue;
      }
      const { from, position, ...rest } = metric;
      this.series.recall(rest);
      const log = this.logs[from];
      if (log) log.position = Math.max(log.position, position);
      this.options.on({ type: 'metric', ...rest });
    }
  }

  /** The outcome, or null when the watching was ended first. */
  async untilEnd(): Promise<CommandOutcome | null> {
    const { signal, pollMs } = this.options;
    while (!signal.aborted) {
      const gone = await this.gone();
      await this.look();
      if (gone) return this.finish(gone === 'died' ? null : gone);
      await wait(pollMs, undefined, { signal }).catch(() => {});
    }
    return null;
  }

  /** Its end, once it has one; looked at before the log, so that the log is whole then. */
  private async gone(): Promise<CommandEnd | 'died' | null> {
    const found = readProcesses(this.folder);
    const supervised = found ? isAlive(found.supervisor) : Date.now() < this.start.at + STARTING_MS;
    // The end is written before the supervisor goes.
    const end = readEnd(this.folder);
    if (end) return end;
    if (supervised) return null;
    // Nobody keeps its time any more.
    if (found?.command) await killOrphans(found.command, this.start.mark);
    return 'died';
  }

  private async look(): Promise<void> {
    for (const [from, log] of this.logs.entries()) {
      for await (const lines of log.read()) this.take(lines, from, log.position);
      await this.keep();
    }
    for (const figures of (await this.states?.read()) ?? []) this.say(figures, -1, 0);
    await this.keep();
  }

  private take(lines: readonly LogLine[], from: number, position: number): void {
    for (const { text, overwritten } of lines) {
      const shown = this.options.secrets.reduce((t, secret) => t.replaceAll(secret, '[secret]'), text);
      this.options.on({ type: 'line', text: shown, overwritten });
      if (!overwritten && shown.trim() !== '') {
        this.lastLines.push(shown.slice(0, LAST_WIDTH));
        if (this.lastLines.length > LAST_LINES) this.lastLines.shift();
      }
      this.say(this.read(text), from, position);
    }
  }

  private say(figures: Figures, from: number, position: number): void {
    const now = Date.now();
    const metric = this.series.add(figures, now);
    if (metric) {
      this.options.on({ type: 'metric', ...metric });
      this.kept += `${JSON.stringify({ ...metric, from, position } satisfies KeptMetric)}\n`;
    }
    const { step, totalSteps } = this.series;
    if (step === null || step === this.shownStep) return;
    this.shownStep = step;
    this.options.on({ type: 'progress', progress: this.rate.at(now, step, totalSteps) });
  }

  private async keep(): Promise<void> {
    if (this.kept === '') return;
    const kept = this.kept;
    this.kept = '';
    await appendFile(pathsOf(this.folder).metrics, kept);
  }

  private async finish(end: CommandEnd | null): Promise<CommandOutcome> {
    for (const [from, log] of this.logs.entries()) this.take(log.end(), from, log.position);
    await this.keep();
    if (this.states?.wrong) this.options.on({ type: 'warning', text: this.states.wrong });
    if (end?.leftBehind)
      this.options.on({
        type: 'warning',
        text: `It left ${end.leftBehind} of its processes behind; they were ended.`,
      });
    const { plan, at, out } = this.start;
    const seconds = ((end?.at ?? Date.now()) - at) / 1000;
    const context = {
      argv: plan.argv,
      cwd: plan.cwd,
      log: pathsOf(this.folder).log,
      minutes: plan.timeBudget,
      seconds,
      lastLines: this.lastLines,
    };
    if (!end) return diedOutcome(context);
    const below = plan.checks.map((path) => path.slice(out.replace(/[/\\]+$/, '').length + 1));
    return outcomeOfEnd(end, context) ?? outputOutcome(await checkOutput(out, below), out, seconds);
  }
}
