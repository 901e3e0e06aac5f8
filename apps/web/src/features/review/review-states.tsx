import { Kbd } from '@flywheel/ui/kbd.tsx';
import type { Tally } from './sitting.ts';

/** The end of the queue: what was done, and the way back. */
export const ReviewEnd = (p: {
  tally: Tally;
  loading: boolean;
  error: Error | null;
  onLeave: () => void;
}) => (
  <div className="rv-state" role="status">
    {p.error ? (
      <p className="bad">The rest of the queue could not be fetched: {p.error.message}</p>
    ) : p.loading ? (
      <p>Looking for more traces to review…</p>
    ) : p.tally.total === 0 ? (
      <p>Nothing in this query waits for a review by you.</p>
    ) : (
      <p>
        The queue is done: {p.tally.total} in this session, {p.tally.located} with a first error,{' '}
        {p.tally.clean} clean. <Kbd keys="u" /> takes back the last one.
      </p>
    )}
    <button type="button" className="btn primary" onClick={p.onLeave}>
      Choose other traces
    </button>
  </div>
);

/** Instead of a trace: it loads, it is gone, or the server is away. */
export const ReviewFailure = (p: {
  loading: boolean;
  error: Error | null;
  gone: boolean;
  onRetry: () => void;
  onNext: () => void;
}) => (
  <div className="rv-state" role="status">
    {p.error ? (
      <>
        <p className="bad">This trace could not be opened: {p.error.message}</p>
        <p className="t3">What you committed is kept in this browser and will be sent.</p>
        <button type="button" className="btn" onClick={p.onRetry}>
          Try again
        </button>
      </>
    ) : p.gone ? (
      <>
        <p>This trace is not in the workspace any more.</p>
        <button type="button" className="btn" onClick={p.onNext}>
          Next trace <Kbd keys="n" />
        </button>
      </>
    ) : (
      <ul className="rv-bars" aria-label="loading">
        {Array.from({ length: 5 }, (_, i) => (
          <li key={i} />
        ))}
      </ul>
    )}
  </div>
);
