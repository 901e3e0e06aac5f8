import { isOver, type RunSummary } from '@flywheel/domain/run';
import { count, percent } from '../../app/format.ts';
import { COUNT_WORDS, positionOf } from './run-words.ts';

/** How far a run is: done, taken from the cache, failed, and to do. */
export const RunProgress = ({ run }: { run: RunSummary }) => {
  const words = COUNT_WORDS[run.kind];
  const { done, total, unit } = positionOf(run);
  const inItems = unit !== 'bytes';
  const share = (n: number): string => `${total ? (100 * n) / total : 0}%`;
  const kept = Math.min(run.done, run.spend?.cached ?? 0);
  const parts = [
    { name: 'ok', n: run.done - kept, word: words.done },
    run.spend
      ? { name: 'skip', n: kept, word: 'from the cache' }
      : { name: 'skip', n: run.skipped, word: words.skipped },
    { name: 'fail', n: run.failed, word: words.failed },
  ];
  const left = inItems && total !== null ? Math.max(0, total - done) : 0;
  return (
    <>
      <div
        className="run-progress"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={total ?? undefined}
        aria-valuenow={done}
        aria-valuetext={total === null ? `${count(done)} ${unit}` : percent(done, total)}
      >
        {inItems ? (
          parts.map(({ name, n }) => <i key={name} className={name} style={{ width: share(n) }} />)
        ) : (
          <i className="ok" style={{ width: share(done) }} />
        )}
      </div>
      <p className="row fs12">
        <b>{count(done)}</b>{' '}
        <span className="t2">
          {total === null ? unit : `of ${count(total)} ${unit}, ${percent(done, total)}`}
        </span>
        <span className="grow" />
        {parts.map(({ name, n, word }) => (
          <span key={name} className="run-key t2">
            <i className={name} aria-hidden="true" /> {count(n)} {word}
          </span>
        ))}
        {(left > 0 || !isOver(run.state)) && inItems && (
          <span className="run-key t2">
            <i className="todo" aria-hidden="true" /> {count(left)} to do
          </span>
        )}
      </p>
    </>
  );
};
