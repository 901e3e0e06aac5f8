import type { CriticId } from '@flywheel/domain/critic';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../../app/trpc.ts';

const MOST = 50;

/** Chooses a critic beside whose prompt the first traces of the filter are to stand. */
export const PinPanel = (p: { count: number; onPin: (critic: CriticId, limit: number) => void }) => {
  const critics = useQuery({ queryKey: ['critics', 'list'], queryFn: () => client.critics.list.query() });
  const shown = critics.data?.filter((c) => !c.archived) ?? [];
  const [limit, setLimit] = useState(String(Math.min(5, p.count)));
  const first = Math.min(MOST, p.count, Math.max(1, Math.round(Number(limit)) || 1));
  return (
    <div className="pop-form pin-panel" role="group" aria-label="Pin to a critic">
      <label className="fs12 t2 row">
        The first
        <input
          className="field"
          type="number"
          min={1}
          max={Math.min(MOST, p.count)}
          value={limit}
          onChange={(e) => setLimit(e.target.value)}
        />
        of {p.count.toLocaleString('en')} traces to
      </label>
      {critics.error && (
        <p className="bad fs12" role="alert">
          The critics could not be listed: {critics.error.message}
        </p>
      )}
      {critics.data && shown.length === 0 && (
        <p className="fs12">
          There is no critic yet. <a href="/critics?new=critic">Make one</a>
        </p>
      )}
      {shown.map((c) => (
        <button key={c.id} type="button" className="btn" onClick={() => p.onPin(c.id, first)}>
          <span className="mono trunc">{c.id}</span>
          <span className="t3 fs11">v{c.versions}</span>
        </button>
      ))}
    </div>
  );
};
