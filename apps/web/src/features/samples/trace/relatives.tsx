import type { TraceId } from '@flywheel/domain/ids';
import { useQuery } from '@tanstack/react-query';
import { samplesQueries } from '../server.ts';

type Relative = NonNullable<
  Awaited<ReturnType<NonNullable<ReturnType<typeof samplesQueries.relatives>['queryFn']>>>
>['parents'][number];

/** What a local model wrote for this trace, or what this trace was written for. */
export const Relatives = ({ id, onOpen }: { id: TraceId; onOpen: (id: TraceId) => void }) => {
  const { data } = useQuery(samplesQueries.relatives(id));
  if (!data || (data.parents.length === 0 && data.children.length === 0)) return null;
  return (
    <section className="trace-block">
      {data.parents.length > 0 && (
        <>
          <h3>Written for</h3>
          <List of={data.parents} onOpen={onOpen} />
        </>
      )}
      {data.children.length > 0 && (
        <>
          <h3>
            Written for it <span className="t3">{data.children.length}</span>
          </h3>
          <List of={data.children} onOpen={onOpen} />
        </>
      )}
    </section>
  );
};

const List = ({ of, onOpen }: { of: readonly Relative[]; onOpen: (id: TraceId) => void }) => (
  <ul>
    {of.map((r) => (
      <li key={r.trace}>
        <button type="button" className="btn ghost sm sibling" onClick={() => onOpen(r.trace)}>
          <span className="trunc">
            {r.kind === 'fork' ? `fork at S${r.step}` : 'sample'}{' '}
            <span className="t3">
              {r.sample} of run {r.run}
            </span>
          </span>
          <span className={r.outcome === 'wrong' ? 'bad' : r.outcome === 'right' ? 'good' : 't3'}>
            {r.outcome === 'none' ? 'no answer' : r.outcome}
          </span>
          <span className="mono num trunc">{r.answer}</span>
        </button>
      </li>
    ))}
  </ul>
);
