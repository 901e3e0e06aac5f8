import { useState } from 'react';
import { useStore } from 'zustand';
import { outbox, outboxState } from './outbox-client.ts';

/** How many reviews wait for the server, and those that it refused; nothing when all is sent. */
export const OutboxStatus = () => {
  const state = useStore(outboxState);
  const [shown, setShown] = useState(false);
  if (state.waiting === 0 && state.refused.length === 0) return null;
  return (
    <span className="rv-outbox" role="status">
      {state.waiting > 0 && (
        <>
          <span className="tag warn">
            {state.waiting} waiting to be sent{state.sending ? ', sending' : ''}
          </span>
          {!state.sending && (
            <button type="button" className="btn sm" onClick={() => void outbox().then((o) => o.wake())}>
              Send now
            </button>
          )}
        </>
      )}
      {state.refused.length > 0 && (
        <button type="button" className="tag bad" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {state.refused.length} refused by the server
        </button>
      )}
      {shown && state.refused.length > 0 && (
        <span className="rv-pop rv-refused">
          {state.refused.map((item) => (
            <span key={item.order} className="row">
              <span className="mono">{item.review.trace}</span>
              <span className="grow">{item.why}</span>
              <button
                type="button"
                className="btn sm"
                onClick={() => void outbox().then((o) => o.discard(item.order))}
              >
                Discard
              </button>
            </span>
          ))}
          <button
            type="button"
            className="btn sm"
            onClick={() => void outbox().then((o) => o.retryRefused())}
          >
            Try again
          </button>
        </span>
      )}
    </span>
  );
};
