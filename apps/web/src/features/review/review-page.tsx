import type { TraceId } from '@flywheel/domain/ids';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { outbox, waitingTraces } from './outbox-client.ts';
import { lastPlace } from './place.ts';
import './review.css';
import { ReviewFailure } from './review-states.tsx';
import { ReviewWorkbench } from './review-workbench.tsx';
import { ReviewerGate } from './reviewer-gate.tsx';
import { reviewServer } from './server.ts';
import { QUEUE_PAGE } from './use-queue-refill.ts';

export interface ReviewPageProps {
  /** Text of the query bar: what is to be reviewed. */
  query: string;
  /** The trace named by the URL, if any. */
  trace: TraceId | null;
  reviewer: string | null;
  onReviewer: (name: string) => void;
  onPlace: (trace: TraceId) => void;
  onLeave: () => void;
}

const loadSitting = async (query: string, reviewer: string) => {
  // What an earlier visit could not send goes out now, whether or not anything is reviewed.
  void outbox().then((box) => box.wake());
  const [queue, waiting, session, total, reviewed] = await Promise.all([
    reviewServer.queue(query, reviewer, QUEUE_PAGE),
    waitingTraces(),
    reviewServer.session(reviewer),
    reviewServer.count(query),
    reviewServer.count(`${query} reviewed:yes`.trim()),
  ]);
  const open = queue.filter((id) => !waiting.has(id));
  return { queue: open, total, reviewed: reviewed + queue.length - open.length, times: session.times };
};

/** Review of what a query selects. Asks for the name first; begins where the reviewer left off. */
export const ReviewPage = (p: ReviewPageProps) =>
  p.reviewer === null ? <ReviewerGate onName={p.onReviewer} /> : <Begin {...p} reviewer={p.reviewer} />;

const Begin = (p: ReviewPageProps & { reviewer: string }) => {
  // The place is read once: afterwards this page is what moves it.
  const [place] = useState(() => p.trace ?? lastPlace(p.query, p.reviewer));
  const begun = useQuery({
    queryKey: ['review', 'begin', p.query, p.reviewer],
    queryFn: () => loadSitting(p.query, p.reviewer),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (begun.data === undefined) {
    return (
      <ReviewFailure
        loading={begun.isPending}
        error={begun.error}
        gone={false}
        onRetry={() => void begun.refetch()}
        onNext={p.onLeave}
      />
    );
  }
  const { queue, total, reviewed, times } = begun.data;
  const known = place !== null && (p.trace !== null || queue.includes(place)) ? place : null;
  return (
    <ReviewWorkbench
      key={`${p.query}\n${p.reviewer}`}
      query={p.query}
      reviewer={p.reviewer}
      queue={queue}
      place={known}
      total={total}
      reviewedBefore={reviewed}
      timesBefore={times}
      onPlace={p.onPlace}
      onLeave={p.onLeave}
    />
  );
};
