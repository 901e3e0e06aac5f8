import type { RunId } from '@flywheel/domain/ids';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import type { Connection } from './connect.ts';

const line = (run: RunSummary): string => {
  const p = run.progress;
  if (!p) return `${run.title}: ${run.state}`;
  const share = p.total ? ` ${((100 * p.done) / p.total).toFixed(0)} %` : '';
  const eta = p.etaSeconds === null ? '' : `, ${Math.ceil(p.etaSeconds)} s left`;
  return `${run.title}:${share} ${run.done} done, ${Math.round(p.rate)} ${p.unit}/s${eta}`;
};

/** Shows a run's progress on stderr until it is over; Ctrl-C cancels the run. Throws when it failed. */
export const follow = async (connection: Connection, id: RunId): Promise<RunSummary> => {
  const cancel = () => void connection.cancel(id).catch(() => undefined);
  process.once('SIGINT', cancel);
  let shown = '';
  try {
    for (let pause = 20; ; pause = Math.min(250, pause * 2)) {
      const run = await connection.run(id);
      if (!run) throw new Error(`Run ${id} is gone.`);
      const now = line(run);
      if (now !== shown && pause >= 250)
        process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${now}` : `${now}\n`);
      shown = now;
      if (isOver(run.state)) {
        if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
        if (run.state === 'failed') throw new Error(run.error ?? 'The run failed.');
        if (run.state === 'cancelled')
          throw new Error(`Cancelled after ${run.done}. The same command finishes it.`);
        return run;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  } finally {
    process.off('SIGINT', cancel);
  }
};

export const secondsOf = (run: RunSummary): number =>
  run.startedAt === null || run.endedAt === null ? 0 : (run.endedAt - run.startedAt) / 1000;
