import type { RunId } from '@flywheel/domain/ids';
import type { Progress } from '@flywheel/domain/progress';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import type { Connection } from './connect.ts';
import { InterruptedError, onInterrupt } from './interrupt.ts';

/** A pipe gets a line now and then; a terminal has one line that changes. */
const LINE_EVERY_MS = 2_000;

const number = (n: number): string => Math.round(n).toLocaleString('en');
const amount = (n: number, unit: string): string =>
  unit === 'bytes' ? `${(n / 1e6).toFixed(1)} MB` : `${number(n)} ${unit}`;

const progressText = ({ done, total, unit, rate, etaSeconds }: Progress): string =>
  [
    total ? `${Math.floor((100 * done) / total)} % of ${amount(total, unit)}` : amount(done, unit),
    `${amount(rate, unit)}/s`,
    ...(etaSeconds === null ? [] : [`${Math.ceil(etaSeconds)} s left`]),
  ].join(', ');

/** A run as one line: what it is, how far it is, how long it takes. */
export const runLine = (run: RunSummary): string => {
  const failed =
    run.failed > 0 ? `, ${number(run.failed)} ${run.kind === 'import' ? 'rejected' : 'failed'}` : '';
  const head = `${run.title} (run ${run.id}): ${run.state}`;
  if (run.state === 'running' && run.progress) return `${head}, ${progressText(run.progress)}${failed}`;
  const skipped =
    run.skipped > 0 ? `, ${number(run.skipped)} ${run.kind === 'import' ? 'known already' : 'skipped'}` : '';
  const counts = run.startedAt === null ? '' : `, ${number(run.done)} done${skipped}${failed}`;
  return `${head}${counts}${isOver(run.state) ? ` in ${secondsOf(run).toFixed(1)} s` : ''}`;
};

/** Shows progress on stderr. */
const screen = () => {
  let shown = '';
  let at = Number.NEGATIVE_INFINITY;
  const { isTTY } = process.stderr;
  return (line: string, last: boolean): void => {
    if (line === shown && !last) return;
    if (isTTY) process.stderr.write(`\r\x1b[K${line}${last ? '\n' : ''}`);
    else if (last || Date.now() - at >= LINE_EVERY_MS) {
      at = Date.now();
      process.stderr.write(`${line}\n`);
    } else return;
    shown = line;
  };
};

/**
 * Shows the progress of runs on stderr, one after another, until all are over; Ctrl-C cancels those that are not.
 *
 * @throws Error when one failed, InterruptedError when one was cancelled
 */
export const follow = async (connection: Connection, ids: readonly number[]): Promise<RunSummary[]> => {
  const open = new Set(ids as readonly RunId[]);
  const deaf = onInterrupt(() => {
    process.stderr.write('\nStopping ...\n');
    // From the last: cancelling the first would start the next.
    for (const id of [...open].reverse())
      void connection.api.runs.cancel.mutate({ id }).catch(() => undefined);
  });
  const ended: RunSummary[] = [];
  try {
    for (const id of ids as readonly RunId[]) {
      const run = await watch(connection, id);
      open.delete(id);
      if (run.state === 'failed')
        throw new Error(`Run ${id} (${run.title}) failed: ${run.error ?? 'no reason kept'}`);
      ended.push(run);
    }
  } finally {
    deaf();
  }
  const cut = ended.find((r) => r.state !== 'succeeded');
  if (cut)
    throw new InterruptedError(
      `Run ${cut.id} (${cut.title}) was ${cut.state} after ${number(cut.done)}; what it did is kept.${cut.error ? ` ${cut.error}` : ''} \`flywheel run resume ${cut.id}\` does the rest.`,
    );
  return ended;
};

const watch = async (connection: Connection, id: RunId): Promise<RunSummary> => {
  const show = screen();
  for (let pause = 20; ; pause = Math.min(200, pause * 2)) {
    const run = await connection.api.runs.get.query({ id: id });
    if (!run) throw new Error(`Run ${id} is gone.`);
    const still = isOver(run.state) || run.state === 'paused';
    if (still || pause >= 200) show(runLine(run), still);
    if (still) return run;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
};

/** How long a run worked, in seconds; 0 when it never began. */
export const secondsOf = (run: RunSummary): number =>
  run.startedAt === null || run.endedAt === null ? 0 : (run.endedAt - run.startedAt) / 1000;
