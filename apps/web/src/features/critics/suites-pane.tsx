import type { CriticVersion } from '@flywheel/domain/critic';
import type { Provider } from '@flywheel/domain/provider';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { type ReactNode, useState } from 'react';
import { clock, percent } from '../../app/format.ts';
import { runsNewestFirst, useLiveRuns } from '../../app/live-runs.ts';
import { useGo } from '../../app/params.ts';
import { ImproveDialog } from './improve-dialog.tsx';
import type { Where } from './model-picker.tsx';
import { RobustnessDialog } from './robustness-dialog.tsx';

/** Robustness suites and searches for a better prompt of one critic: those that ran, and new ones. */
export const SuitesPane = (p: {
  tabs: ReactNode;
  version: CriticVersion;
  providers: readonly Provider[];
  where: Where;
}) => {
  const { critic, number } = p.version;
  const go = useGo();
  const runs = useLiveRuns((s) => s.runs);
  const [open, setOpen] = useState<'robustness' | 'improve' | null>(null);
  const own = runs === null ? [] : runsNewestFirst(runs).filter((run) => isOf(run, critic));
  const none = p.providers.length === 0;
  const Dialog = open === 'robustness' ? RobustnessDialog : ImproveDialog;
  return (
    <section className="suites" aria-label="Robustness and Improve">
      <header className="ph">
        {p.tabs}
        <span className="grow" />
        <Button disabled={none} title={none ? NO_PROVIDER : ''} onClick={() => setOpen('robustness')}>
          Try v{number} on changed traces…
        </Button>
        <Button disabled={none} title={none ? NO_PROVIDER : ''} onClick={() => setOpen('improve')}>
          Improve v{number}…
        </Button>
      </header>
      {own.length === 0 ? (
        <p className="t3 critic-state">
          None has run. A robustness suite shows what misleads this critic; Improve looks for a better prompt
          on gold of train and dev.
        </p>
      ) : (
        <table className="tbl">
          <thead>
            <tr>
              <th>Run</th>
              <th>Version</th>
              <th>State</th>
              <th>Found</th>
              <th>Made</th>
            </tr>
          </thead>
          <tbody>
            {own.map((run) => (
              <tr key={run.id}>
                <td>
                  <a href={`/runs?run=${run.id}`}>
                    {run.id}, {run.kind}
                  </a>
                </td>
                <td>{run.title.replace(`${critic} `, '')}</td>
                <td>
                  {isOver(run.state) ? run.state : `${run.state}, ${percent(run.done, run.total ?? 0)}`}
                </td>
                <td>{foundText(run)}</td>
                <td>{clock(run.createdAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {open && (
        <Dialog
          {...p}
          onStarted={(run) => {
            // A dialog left open in a tab behind would hold the whole page.
            setOpen(null);
            go(`/runs?run=${run}`);
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
};

const NO_PROVIDER = 'Add a provider in Settings first';

const isOf = (run: RunSummary, critic: string): boolean =>
  (run.kind === 'robustness' || run.kind === 'improve') && run.title.replace(/ v\d+$/, '') === critic;

/** The headline figures of a suite's run. */
export const foundText = ({ kind, result }: Pick<RunSummary, 'kind' | 'result'>): string => {
  const { held, cases, baseF1, bestF1 } = result;
  if (kind === 'robustness')
    return typeof held === 'number' && typeof cases === 'number' ? `${held} of ${cases} verdicts held` : '';
  const figure = (f1: typeof baseF1): string => (typeof f1 === 'number' ? f1.toFixed(3) : '–');
  return baseF1 === undefined ? '' : `F1 on dev ${figure(baseF1)} → ${figure(bestF1)}`;
};
