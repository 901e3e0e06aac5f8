import type { CriticSummary } from '@flywheel/domain/critic';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useQuery } from '@tanstack/react-query';
import { CriticList, NewCritic } from './critic-list.tsx';
import { criticsServer } from './server.ts';
import { useCritic } from './use-critic.ts';
import { Workbench } from './workbench.tsx';
import './critics.css';
import './sides.css';

export interface CriticsPageProps {
  /** The critic and version that the URL names; no version: what is being written. */
  critic: string | null;
  version: number | null;
  onCritic: (critic: string) => void;
  onVersion: (version: number | null) => void;
}

/** Prompts that judge: written against pinned traces, kept as versions, launched over slices. */
export const CriticsPage = (p: CriticsPageProps) => {
  const list = useQuery({ queryKey: ['critics', 'list'], queryFn: criticsServer.list });
  const critics: readonly CriticSummary[] = list.data?.filter((c) => !c.archived) ?? [];
  const critic = p.critic ?? critics[0]?.id ?? null;
  const { query, open } = useCritic(critic, p.version);
  if (list.isPending) return <LoadingRows />;
  if (list.error)
    return (
      <ErrorState
        cause={`The critics could not be listed: ${list.error.message}`}
        onRetry={() => list.refetch()}
      />
    );
  if (critics.length === 0 && critic === null)
    return (
      <EmptyState text="A critic is a prompt that asks a model for the first wrong step. Make one from a starter.">
        <NewCritic taken={[]} onMade={p.onCritic} />
      </EmptyState>
    );
  const side = <CriticList critics={critics} open={critic} onOpen={p.onCritic} />;
  if (query.error)
    return (
      <div className="critics">
        <div className="group critic-side">{side}</div>
        <ErrorState cause={query.error.message} onRetry={() => query.refetch()} />
      </div>
    );
  if (!open || critic === null) return <LoadingRows />;
  return <Workbench key={critic} open={open} looked={p.version} side={side} onVersion={p.onVersion} />;
};
