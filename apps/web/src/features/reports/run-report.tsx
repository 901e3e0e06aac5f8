import { isOver, type RunSummary } from '@flywheel/domain/run';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ImproveView } from './improve-view.tsx';
import { RobustnessView } from './robustness-view.tsx';
import { reportsServer } from './server.ts';
import './reports.css';

const AGAIN_MS = 1_500;

/** What a run found that is not made of items: a robustness suite, or a search for a better prompt. */
export const RunReport = (p: {
  run: RunSummary;
  /** Shows two texts beside each other. */
  diff: (before: string, after: string) => ReactNode;
}) => {
  const { run } = p;
  const over = isOver(run.state) || run.state === 'paused';
  const found = useQuery({
    queryKey: ['runs', 'report', run.id, over],
    queryFn: () => reportsServer.report(run.id),
    refetchInterval: over ? false : AGAIN_MS,
    placeholderData: (before) => before,
  });
  if (found.isPending) return <LoadingRows label="Reading the report" />;
  if (found.error && !found.data)
    return (
      <ErrorState
        cause={`The report could not be read: ${found.error.message}`}
        onRetry={() => found.refetch()}
      />
    );
  if (!found.data)
    return (
      <EmptyState
        text={over ? 'The run ended before it found anything.' : 'The report begins once answers have come.'}
      />
    );
  return found.data.kind === 'robustness' ? (
    <RobustnessView report={found.data.report} />
  ) : (
    <ImproveView report={found.data.report} run={run} diff={p.diff} />
  );
};
