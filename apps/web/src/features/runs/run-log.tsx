import { useState } from 'react';
import { clock } from '../../app/format.ts';
import { answerLink, verdictText } from './answer-words.ts';
import type { LogLine } from './run-watch.ts';

const SHOWN = [
  { id: 'all', has: () => true },
  { id: 'failed', has: (l: LogLine) => l.type === 'item' && l.state === 'failed' },
  { id: 'notes', has: (l: LogLine) => l.type === 'note' },
] as const;

/** Items as they end, and what happened besides, the newest first; each item opens its trace. */
export const RunLog = ({ lines }: { lines: readonly LogLine[] }) => {
  const [shown, setShown] = useState<(typeof SHOWN)[number]['id']>('all');
  const filter = SHOWN.find((s) => s.id === shown) ?? SHOWN[0];
  if (lines.length === 0) return null;
  return (
    <section className="run-log" aria-label="Log">
      <header className="row">
        <h3>Log</h3>
        {SHOWN.map(({ id, has }) => (
          <button
            key={id}
            type="button"
            className="run-chip"
            aria-pressed={shown === id}
            onClick={() => setShown(id)}
          >
            {id} <b>{lines.filter(has).length}</b>
          </button>
        ))}
      </header>
      <ol tabIndex={0} aria-label="Log, newest first">
        {lines.filter(filter.has).map((line) => (
          <li key={line.order}>
            <span className="t3 mono">{clock(line.at)}</span>
            {line.type === 'note' ? (
              <>
                <span className={line.level === 'warn' ? 'warn' : 't2'}>note</span>
                <span className="wide">{line.text}</span>
              </>
            ) : (
              <>
                <span className={line.state === 'failed' ? 'bad' : line.cached ? 'acc' : 't2'}>
                  {line.state === 'failed' ? 'fail' : line.cached ? 'kept' : 'done'}
                </span>
                <a className="mono" href={answerLink(line)}>
                  {line.trace}
                </a>
                <span className="trunc" title={line.error ?? ''}>
                  {verdictText(line)}
                </span>
                <span className="num t3">{line.cached ? '' : `${(line.modelMs / 1_000).toFixed(2)} s`}</span>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
};
