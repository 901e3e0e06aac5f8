import type { CriticSummary } from '@flywheel/domain/critic';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { RoomDialog } from '../../app/dialogs/room-dialog.tsx';
import { reason } from '../../app/reason.ts';
import { useUnsaved } from '../../app/unsaved.ts';
import { CriticList } from './critic-list.tsx';
import { useDrafts } from './drafts.ts';
import type { Where } from './model-picker.tsx';
import { createModelShelf } from './model-shelf.ts';
import { NewCritic, NewCriticForm } from './new-critic.tsx';
import { criticsServer } from './server.ts';
import { useCritic } from './use-critic.ts';
import { Workbench } from './workbench.tsx';
import './critics.css';
import './pinned.css';
import './left-side.css';
import './right-side.css';

export interface CriticsPageProps {
  /** The critic and version that the URL names; no version: what is being written. */
  critic: string | null;
  version: number | null;
  /** Runs that the URL asks to be compared, as `21,23`. */
  compare: string | null;
  /** Whether the URL asks for a new critic. */
  making: boolean;
  onMadeNone: () => void;
  /** A launch that the URL asks to be shown, as JSON. */
  launch: string | null;
  onCritic: (critic: string) => void;
  onVersion: (version: number | null) => void;
  onBeside: (critic: string) => void;
  /** The launch was shown and closed. */
  onLaunchClosed: () => void;
}

/** Prompts that judge: written against pinned traces, kept as versions, launched over slices. */
export const CriticsPage = (p: CriticsPageProps) => (
  <>
    <OpenedCritic {...p} />
    {p.making && <MakingDialog onCritic={p.onCritic} onClose={p.onMadeNone} />}
  </>
);

const useCritics = () => useQuery({ queryKey: ['critics', 'list'], queryFn: criticsServer.list });

const MakingDialog = (p: { onCritic: (critic: string) => void; onClose: () => void }) => {
  const taken = useCritics().data?.map((c) => c.id) ?? [];
  return (
    <RoomDialog label="New critic" onClose={p.onClose}>
      <h2 className="dialog-title">New critic</h2>
      <NewCriticForm taken={taken} onMade={p.onCritic} />
    </RoomDialog>
  );
};

const OpenedCritic = (p: CriticsPageProps) => {
  const list = useCritics();
  const critics: readonly CriticSummary[] = list.data ?? [];
  const critic = p.critic ?? critics.find((c) => !c.archived)?.id ?? null;
  const { query, open } = useCritic(critic, p.version);
  const unsaved = useDrafts((s) => critic !== null && s.drafts[critic] !== undefined);
  useUnsaved(unsaved);
  // Undo histories and the chosen model are the tab's: they outlive a look at another critic.
  const [shelf] = useState(createModelShelf);
  useEffect(() => () => shelf.dispose(), [shelf]);
  const [picked, setPicked] = useState<Where | null>(null);

  if (list.isPending) return <LoadingRows />;
  if (list.error && !list.data)
    return (
      <ErrorState
        cause={`The critics could not be listed: ${reason(list.error)}`}
        onRetry={() => list.refetch()}
      />
    );
  const side = <CriticList critics={critics} open={critic} onOpen={p.onCritic} onBeside={p.onBeside} />;
  if (critic === null)
    return critics.length === 0 ? (
      <EmptyState text="A critic is a prompt that asks a model for the first wrong step. Make one from a starter.">
        <NewCritic taken={[]} onMade={p.onCritic} />
      </EmptyState>
    ) : (
      <div className="critics">
        <div className="group critic-side">{side}</div>
        <EmptyState text="Every critic was put away. Bring one back, or make another." />
      </div>
    );
  if (query.error && !open)
    return (
      <div className="critics">
        <div className="group critic-side">{side}</div>
        <ErrorState cause={reason(query.error)} onRetry={() => query.refetch()} />
      </div>
    );
  if (!open) return <LoadingRows />;
  return (
    <Workbench
      key={critic}
      open={open}
      looked={p.version}
      launch={p.launch}
      compare={p.compare}
      critics={critics}
      side={side}
      shelf={shelf}
      picked={picked}
      onPick={setPicked}
      onCritic={p.onCritic}
      onVersion={p.onVersion}
      onLaunchClosed={p.onLaunchClosed}
    />
  );
};
