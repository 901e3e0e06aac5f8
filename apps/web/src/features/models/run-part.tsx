import type { RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { leaveWork, takesTabs, usePromised, useTabWork, workFor } from '../../app/tab-work.ts';
import { FlagRules } from './flag-rules.tsx';
import './models.css';
import './console.css';
import { SampleTable } from './sample-table.tsx';

/** What a run page shows of a run of a local model: which tabs work for it, and what it found. */
export const LocalRunPart = ({ run }: { run: RunSummary }) => (
  <>
    {takesTabs(run) && <Tabs run={run} />}
    {run.kind === 'sample' && run.done > 0 && <SampleTable run={run} />}
    {run.done > 0 && run.state !== 'running' && <FlagRules run={run} />}
  </>
);

const Tabs = ({ run }: { run: RunSummary }) => {
  const work = useTabWork((s) => s.runs.get(run.id));
  const promised = usePromised((s) => s.runs[run.id] !== undefined);
  const others = Number(run.result.workers ?? 0);
  return (
    <section className="tabs-part" aria-live="polite">
      <p className="row">
        <span>
          {work?.state === 'working'
            ? `This tab works for it: ${work.tasks} done here.`
            : work?.state === 'loading'
              ? 'This tab loads the model.'
              : work?.state === 'failed'
                ? `This tab left: ${work.error}`
                : promised
                  ? 'Another tab of this browser works for it.'
                  : others > 0
                    ? `${others} ${others === 1 ? 'tab works' : 'tabs work'} for it.`
                    : 'It waits for a tab that works for it.'}
        </span>
        <span className="grow" />
        {promised && work?.state !== 'failed' ? (
          <Button small onClick={() => leaveWork(run.id)}>
            Leave it
          </Button>
        ) : (
          <>
            <Button small onClick={() => workFor(run.id, 'web-wasm')}>
              Work for it here
            </Button>
            {'gpu' in navigator && (
              <Button small onClick={() => workFor(run.id, 'web-webgpu')}>
                on WebGPU
              </Button>
            )}
          </>
        )}
      </p>
    </section>
  );
};
