import { judgeKind, type TraceId } from '@flywheel/domain/ids';
import type { TraceDetail } from '@flywheel/domain/trace';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { CommitBar } from './commit-bar.tsx';
import { putReview } from './outbox-client.ts';
import { keepPlace } from './place.ts';
import { ProblemHead } from './problem-head.tsx';
import { ProgressLine } from './progress-line.tsx';
import { recentRate } from './rate.ts';
import { ReviewEnd, ReviewFailure } from './review-states.tsx';
import { createReviewStore, draftOf, openTrace } from './review-store.ts';
import { ReviewToast } from './review-toast.tsx';
import { sessionAgreement } from './session-agreement.ts';
import { SessionPanel } from './session-panel.tsx';
import { tally } from './sitting.ts';
import { StepEditor } from './step-editor.tsx';
import { StepList } from './step-list.tsx';
import { StepRail } from './step-rail.tsx';
import { traceKey, useTraceWindow } from './trace-window.ts';
import { useQueueRefill } from './use-queue-refill.ts';
import { runCommand, useReviewKeys } from './use-review-keys.ts';

export interface ReviewWorkbenchProps {
  query: string;
  reviewer: string;
  queue: readonly TraceId[];
  place: TraceId | null;
  /** Traces that the query selects, and those of them reviewed when the sitting began; null while unknown. */
  total: number | null;
  reviewedBefore: number;
  /** Times of the reviewer's commits of the last day, before this sitting. */
  timesBefore: readonly number[];
  /** The open trace changed: for the URL. */
  onPlace: (trace: TraceId) => void;
  /** Back to the list. */
  onLeave: () => void;
}

const BLIND_KEY = 'flywheel.review.blind';

/** A minute hand for rates and the session's length. */
const useNow = (everyMs: number): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
};

/** One sitting: the open trace, the way through the queue, the commits. */
export const ReviewWorkbench = (p: ReviewWorkbenchProps) => {
  const { query, reviewer, onPlace } = p;
  const cache = useQueryClient();
  const [startedAt] = useState(() => Date.now());
  const [store] = useState(() =>
    createReviewStore({
      queue: p.queue,
      place: p.place,
      reviewer,
      blind: localStorage.getItem(BLIND_KEY) !== 'off',
      put: putReview,
    }),
  );
  const state = useStore(store);
  const { sitting, panel, blind, peeking } = state;
  const id = openTrace(state);
  const window_ = useTraceWindow(sitting.queue, sitting.at);
  const detail: TraceDetail | null = window_.data ?? null;
  useReviewKeys(store, detail);
  const refill = useQueueRefill({ query, reviewer, store });

  useEffect(() => {
    if (id === null) return;
    keepPlace(query, reviewer, id);
    onPlace(id);
  }, [id, query, reviewer, onPlace]);

  const now = Math.max(useNow(15_000), sitting.log.at(-1)?.review.at ?? 0);
  const times = useMemo(
    () => [...p.timesBefore, ...sitting.log.map((entry) => entry.review.at)],
    [p.timesBefore, sitting.log],
  );
  const figures = useMemo(() => tally(sitting), [sitting]);
  const agreement = useMemo(
    () =>
      sessionAgreement(sitting.log, (trace) => cache.getQueryData<TraceDetail>(traceKey(trace as TraceId))),
    [sitting.log, cache],
  );
  const committed = [...sitting.done.values()].filter((done) => done === 'commit').length;
  const reviewed = p.reviewedBefore + committed;

  const draft = detail === null ? null : draftOf(sitting, detail);
  // Blind until commit: a trace that this sitting has committed may show what everybody said; before that
  // other people's verdicts stay hidden in any mode, or agreement between people would mean nothing.
  const settled = detail !== null && sitting.done.get(detail.row.id) === 'commit';
  const shown =
    detail === null || (blind && !peeking && !settled)
      ? []
      : detail.judgements.filter((j) => settled || judgeKind(j.judge) !== 'human');
  const go = useCallback(
    (step: number) => {
      if (detail !== null) store.getState().act(detail, { do: 'goto', step });
    },
    [store, detail],
  );
  const alive = useCallback(() => store.getState().alive(), [store]);

  return (
    <div className="rv" onPointerMove={alive} onWheel={alive} data-trace={id ?? ''}>
      <div className="rv-group">
        <ProgressLine
          reviewed={reviewed}
          total={p.total}
          rate={recentRate(times, now)}
          row={detail?.row ?? null}
          blind={blind}
          peeking={peeking}
          onBlind={(next) => {
            localStorage.setItem(BLIND_KEY, next ? 'on' : 'off');
            state.setBlind(next);
          }}
        />
        {id === null ? (
          <ReviewEnd tally={figures} loading={refill.loading} error={refill.error} onLeave={p.onLeave} />
        ) : detail === null || draft === null ? (
          <ReviewFailure
            loading={window_.isPending}
            error={window_.error}
            gone={window_.data === null}
            onRetry={() => void window_.refetch()}
            onNext={() => state.step(1)}
          />
        ) : (
          <>
            <div className="rv-work">
              <StepRail labels={draft.labels} cursor={draft.cursor} onGo={go} />
              <div className="rv-main" tabIndex={-1}>
                <article key={detail.row.id} aria-label={detail.row.label}>
                  <ProblemHead detail={detail} />
                  <StepList
                    draft={draft}
                    steps={detail.steps}
                    judgements={shown}
                    onGo={go}
                    editor={
                      panel === 'category' || panel === 'correct' ? (
                        <StepEditor panel={panel} draft={draft} detail={detail} state={state} />
                      ) : null
                    }
                  />
                  {draft.rationale !== '' && (
                    <p className="rv-rationale verbatim">
                      <span className="t3">rationale</span> {draft.rationale}
                    </p>
                  )}
                </article>
              </div>
            </div>
            {(panel === 'rationale' || panel === 'give-up') && (
              <div className="rv-over">
                <StepEditor panel={panel} draft={draft} detail={detail} state={state} />
              </div>
            )}
            <CommitBar draft={draft} onCommand={(command) => runCommand(store, detail, command)} />
          </>
        )}
        {state.note && panel === 'none' && (
          <ReviewToast note={state.note} onUndo={() => state.undo(detail)} onGone={state.hush} />
        )}
      </div>
      <SessionPanel
        reviewed={reviewed}
        total={p.total}
        times={times}
        startedAt={startedAt}
        now={now}
        tally={figures}
        agreement={agreement}
      />
    </div>
  );
};
