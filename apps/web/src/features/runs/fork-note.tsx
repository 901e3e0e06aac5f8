import { TriangleAlert } from 'lucide-react';

/** Why a run cannot go on as what it was, and the way that is left. */
export const ForkNote = ({ obstacle, fork }: { obstacle: string; fork: string | null }) => (
  <div className="run-error" role="note" aria-label="It cannot go on">
    <TriangleAlert className="i i14 warn" aria-hidden="true" />
    <p className="grow">{obstacle}</p>
    {fork !== null && (
      <a className="btn primary" href={fork}>
        Fork
      </a>
    )}
  </div>
);
