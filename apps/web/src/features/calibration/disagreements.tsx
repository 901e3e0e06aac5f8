import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Disagreement, evidenceAgainstGold, positionWords, traceHref } from './label-errors.ts';
import { calibrationServer } from './server.ts';

const PAGE = 50;

export interface DisagreementsProps {
  judge: string;
  gold: string;
  items: readonly Disagreement[];
}

/** Every trace on which judge and gold differ, each opening the trace; those with evidence against gold marked. */
export const Disagreements = ({ judge, gold, items }: DisagreementsProps) => {
  const [onlyCandidates, setOnly] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: ['calibration', 'disagreements', judge, gold, items.map((i) => i.trace)],
    initialPageParam: 0,
    queryFn: async ({ pageParam }) => {
      const part = items.slice(pageParam, pageParam + PAGE);
      const details = new Map(
        (await calibrationServer.openMany(part.map((d) => d.trace))).map((d) => [d.row.id, d]),
      );
      return part.flatMap((d) => {
        const detail = details.get(d.trace);
        return detail === undefined ? [] : [{ d, detail, evidence: evidenceAgainstGold(d, detail, judge) }];
      });
    },
    getNextPageParam: (_, all) => (all.length * PAGE < items.length ? all.length * PAGE : undefined),
  });
  const loaded = pages.data?.pages.flat() ?? [];
  const candidates = loaded.filter((row) => row.evidence !== null);
  const shown = onlyCandidates ? candidates : loaded;
  if (items.length === 0) return <p className="t3">Judge and gold agree on every trace.</p>;
  return (
    <section className="cal-list">
      <h3>
        Disagreements <span className="t3">{items.length.toLocaleString('en')}</span>
        <label>
          <input type="checkbox" checked={onlyCandidates} onChange={(e) => setOnly(e.target.checked)} />{' '}
          label-error candidates only{' '}
          <span className="t3">
            {candidates.length} of {loaded.length} read
          </span>
        </label>
      </h3>
      <table className="cal-table rows">
        <thead>
          <tr>
            <th>Trace</th>
            <th>Model</th>
            <th>Judge</th>
            <th>Gold</th>
            <th>Evidence against gold</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ d, detail, evidence }) => (
            <tr key={d.trace}>
              <td>
                <a className="mono" href={traceHref(d.trace)}>
                  {detail.row.label}
                </a>
              </td>
              <td className="mono trunc" title={detail.row.model}>
                {detail.row.model}
              </td>
              <td className="mono">{positionWords(d.predicted)}</td>
              <td className="mono">{positionWords(d.gold)}</td>
              <td className="mono verbatim">
                {evidence ? (
                  <>
                    {evidence.claim.endsWith(evidence.found)
                      ? evidence.claim.slice(0, -evidence.found.length)
                      : `${evidence.claim} `}
                    <del>{evidence.found}</del> <span className="cal-expected">→ {evidence.expected}</span>
                  </>
                ) : (
                  <span className="t3">none</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {pages.error && <p className="bad">The traces could not be read: {pages.error.message}</p>}
      {pages.hasNextPage && (
        <button
          type="button"
          className="btn"
          disabled={pages.isFetching}
          onClick={() => void pages.fetchNextPage()}
        >
          {pages.isFetching ? 'Reading…' : `Read ${Math.min(PAGE, items.length - loaded.length)} more`}
        </button>
      )}
    </section>
  );
};
