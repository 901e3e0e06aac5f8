import { parseQuery } from '@flywheel/domain/query/parse';
import { Button } from '@flywheel/ui/button.tsx';
import { Popover } from '@flywheel/ui/popover.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '../../app/format.ts';
import { client } from '../../app/trpc.ts';
import { startVerifier } from './run-acts.ts';

/** Starts a verifier over a query. */
export const NewRun = ({ onStarted }: { onStarted: (id: number) => void }) => (
  <Popover trigger="New run" title="Start a verifier over a query" className="btn sm">
    {(close) => (
      <Form
        onStarted={(id) => {
          close();
          onStarted(id);
        }}
      />
    )}
  </Popover>
);

const Form = ({ onStarted }: { onStarted: (id: number) => void }) => {
  const [verifier, setVerifier] = useState<string | null>(null);
  const [query, setQuery] = useState('');
  const [busy, setBusy] = useState(false);
  const verifiers = useQuery({
    queryKey: ['judges', 'verifiers'],
    queryFn: () => client.judges.verifiers.query(),
  });
  const [problem] = parseQuery(query).errors;
  const selected = useQuery({
    queryKey: ['runs', 'selected', query],
    queryFn: async () => (await client.traces.page.query({ query, offset: 0, limit: 1 })).total,
    enabled: problem === undefined,
    placeholderData: (before) => before,
  });
  const chosen = verifier ?? verifiers.data?.[0]?.id ?? null;
  const nothing = selected.data === 0;
  return (
    <form
      className="new-run"
      onSubmit={async (event) => {
        event.preventDefault();
        if (chosen === null || problem !== undefined || nothing) return;
        setBusy(true);
        const run = await startVerifier(chosen, query);
        setBusy(false);
        if (run !== null) onStarted(run.id);
      }}
    >
      <label>
        Verifier
        <select className="field" value={chosen ?? ''} onChange={(e) => setVerifier(e.target.value)}>
          {verifiers.data?.map((v) => (
            <option key={v.id} value={v.id}>
              {v.title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Over the traces that fit
        <input
          className="field mono"
          value={query}
          spellCheck={false}
          placeholder="all traces, or outcome:wrong steps:2..9"
          aria-invalid={problem !== undefined}
          aria-describedby="new-run-note"
          onChange={(e) => setQuery(e.target.value)}
        />
      </label>
      <p id="new-run-note" className={problem ? 'bad fs12' : 't2 fs12'} aria-live="polite">
        {problem?.message ?? (selected.data === undefined ? '' : `${count(selected.data)} traces`)}
      </p>
      <Button
        primary
        submit
        disabled={busy || chosen === null || problem !== undefined || nothing}
        {...(nothing && { title: 'No trace fits this query' })}
      >
        Start
      </Button>
    </form>
  );
};
