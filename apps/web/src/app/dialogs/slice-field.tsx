import { parseQuery } from '@flywheel/domain/query/parse';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { reason } from '../reason.ts';
import { client } from '../trpc.ts';

/** A query, written or taken from a saved slice, with what is wrong in it. */
export const SliceField = (p: { label: string; query: string; onQuery: (query: string) => void }) => {
  const id = useId();
  const slices = useQuery({ queryKey: ['slices', 'list'], queryFn: () => client.slices.list.query() });
  const [problem] = parseQuery(p.query).errors;
  const chosen = slices.data?.find((s) => s.query === p.query);
  return (
    <div className="slice-field">
      <label htmlFor={id}>{p.label}</label>
      <span className="row">
        <input
          id={id}
          className="field mono grow"
          value={p.query}
          spellCheck={false}
          placeholder="all traces, or outcome:wrong error:2.."
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-note`}
          onChange={(e) => p.onQuery(e.target.value)}
        />
        {slices.data && slices.data.length > 0 && (
          <select
            className="field"
            aria-label="Saved slice"
            value={chosen ? String(chosen.id) : ''}
            onChange={(e) => {
              const slice = slices.data.find((s) => String(s.id) === e.target.value);
              if (slice) p.onQuery(slice.query);
            }}
          >
            <option value="">slice…</option>
            {slices.data.map((s) => (
              <option key={s.id} value={String(s.id)}>
                {s.name}
              </option>
            ))}
          </select>
        )}
      </span>
      <p id={`${id}-note`} className="bad fs12" aria-live="polite">
        {problem?.message ?? ''}
        {slices.error && `The saved slices could not be read: ${reason(slices.error)}`}
      </p>
    </div>
  );
};
