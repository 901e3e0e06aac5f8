import { RunId } from '@flywheel/domain/ids';
import { isOver, type RunSummary } from '@flywheel/domain/run';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLiveRuns } from '../../../app/live-runs.ts';
import { client } from '../../../app/trpc.ts';
import { samplesQueries } from '../server.ts';

/** Exports what the filter shows: choose a format, see it go, take the file and its data card. */
export const ExportPanel = ({ query, count }: { query: string; count: number }) => {
  const formats = useQuery(samplesQueries.formats());
  const [format, setFormat] = useState<string | null>(null);
  const [started, setStarted] = useState<RunSummary | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const live = useLiveRuns((s) => (started ? s.runs?.get(started.id) : undefined));
  const run = live ?? started;
  const chosen = format ?? formats.data?.[0]?.id ?? '';
  return (
    <form
      className="pop-form"
      onSubmit={(e) => {
        e.preventDefault();
        setRefused(null);
        client.exports.start.mutate({ format: chosen, query }).then(setStarted, (cause: unknown) => {
          setRefused(cause instanceof Error ? cause.message : String(cause));
        });
      }}
    >
      <fieldset>
        <legend className="fs12 t2">Export {count.toLocaleString('en')} traces as</legend>
        {formats.data?.map((f) => (
          <label key={f.id} className="pop-choice">
            <input type="radio" name="format" checked={f.id === chosen} onChange={() => setFormat(f.id)} />
            {f.title}
          </label>
        ))}
      </fieldset>
      {run && <ExportState run={run} />}
      {refused && (
        <p className="bad fs12" role="alert">
          {refused}
        </p>
      )}
      <button
        type="submit"
        className="btn primary"
        disabled={count === 0 || (run !== null && !isOver(run.state))}
      >
        Export
      </button>
    </form>
  );
};

const ExportState = ({ run }: { run: RunSummary }) => {
  const { file, written, skipped, sha256 } = run.result;
  if (!isOver(run.state))
    return (
      <p className="row fs12" role="status">
        <progress max={run.total ?? 1} value={run.done + run.skipped} aria-label="Export" />
        {(run.done + run.skipped).toLocaleString('en')} of {(run.total ?? 0).toLocaleString('en')}
        <button
          type="button"
          className="btn sm"
          onClick={() => void client.runs.cancel.mutate({ id: RunId.parse(run.id) })}
        >
          Stop
        </button>
      </p>
    );
  if (run.state !== 'succeeded')
    return (
      <p className="bad fs12" role="alert">
        {run.state === 'cancelled' ? 'Stopped; nothing was kept.' : `The export failed: ${run.error}`}
      </p>
    );
  return (
    <p className="fs12" role="status">
      <a href={`/download/${file}`} download>
        Download {String(file).replace(/^exports\//, '')}
      </a>
      <br />
      <a href={`/download/${file}.card.json`} download>
        Data card
      </a>
      <br />
      <span className="t2">
        {Number(written).toLocaleString('en')} written, {Number(skipped).toLocaleString('en')} skipped
      </span>
      <br />
      <span className="mono t3" title={`SHA-256 ${sha256}`}>
        sha256 {String(sha256).slice(0, 16)}…
      </span>
    </p>
  );
};
