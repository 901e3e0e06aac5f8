import { possibleActs, type RunSummary } from '@flywheel/domain/run';
import { Button } from '@flywheel/ui/button.tsx';
import { Popover } from '@flywheel/ui/popover.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '../../app/format.ts';
import { addItems } from './run-acts.ts';
import { runQueries } from './server.ts';

/** Takes into a run what its query selects now and did not when it was made. */
export const AddItems = ({ run, repetitions }: { run: RunSummary; repetitions: number }) => (
  <Popover
    trigger="Add what its query selects now"
    title="Traces that came after the run was made join it"
    className="btn"
  >
    {(close) => <Form run={run} repetitions={repetitions} close={close} />}
  </Popover>
);

const Form = (p: { run: RunSummary; repetitions: number; close: () => void }) => {
  const { run, close } = p;
  const [busy, setBusy] = useState(false);
  const now = useQuery({ ...runQueries.selected(run.subject), staleTime: 0 });
  const has = Math.round((run.total ?? 0) / p.repetitions);
  const works = possibleActs(run).includes('pause');
  return (
    <form
      className="new-run"
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        if (await addItems(run)) close();
        setBusy(false);
      }}
    >
      <p className="t2">
        The run is about {count(has)} traces. Its query <span className="mono">{run.subject || '(all)'}</span>{' '}
        {now.data === undefined ? 'is being counted' : `selects ${count(now.data)} now`}. Those that it does
        not have are added{works ? '' : ', and it goes on with them'}; none leaves it.
      </p>
      {now.error && <p className="bad">{now.error.message}</p>}
      <Button primary submit disabled={busy || now.data === undefined}>
        Add
      </Button>
    </form>
  );
};
