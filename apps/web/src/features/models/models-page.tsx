import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useKeys } from '../../app/keys.ts';
import {
  loadModel,
  registeredSource,
  unloadModel,
  useLocalModels,
  type Wanted,
} from '../../app/local-models.ts';
import { usePicked } from '../../app/picked-models.ts';
import { reason } from '../../app/reason.ts';
import { useRoomCommands } from '../../app/room-commands.ts';
import { AddModel } from './add-model.tsx';
import { Console } from './console.tsx';
import { LaunchDialog } from './launch-dialog.tsx';
import type { Prefill } from './launch-fields.ts';
import { ModelDetail } from './model-detail.tsx';
import { ModelList } from './model-list.tsx';
import './models.css';
import './console.css';
import { MODELS } from './server.ts';
import { nameOf, type ShownModel } from './shown-model.ts';
import { BACKEND_WORDS } from './words.ts';

export interface ModelsPageProps {
  /** The model that the URL names. */
  open: string | null;
  /** What a link asks to launch; null: nothing. */
  launch: Prefill | null;
  onOpen: (model: string | null) => void;
  onLaunched: (run: number) => void;
  onLaunch: (prefill: Prefill | null) => void;
}

const ASKED = {
  score: 'Score traces with',
  sample: 'Sample from',
  'step-label': 'Label steps with',
} as const;

const wantedOf = (shown: ShownModel, backend: 'web-wasm' | 'web-webgpu'): Wanted => ({
  name: nameOf(shown),
  source: shown.kind === 'registered' ? registeredSource(shown.of) : shown.of.source,
  registered: shown.kind === 'registered',
  backend: { name: backend },
  precision: shown.of.variants[0]?.precision,
});

/** Models of this workspace and of this tab: what they are, where they run, and a console to speak to one. */
export const ModelsPage = (p: ModelsPageProps) => {
  const models = useQuery(MODELS);
  const seats = useLocalModels((s) => s.seats);
  const told = useLocalModels((s) => s.told);
  const picked = usePicked((s) => s.models);
  const cache = useQueryClient();
  useEffect(() => {
    if (told > 0) void cache.invalidateQueries(MODELS);
  }, [told, cache]);
  const all: readonly ShownModel[] = [
    ...(models.data ?? []).map((of) => ({ kind: 'registered' as const, of })),
    ...[...picked.values()].map((of) => ({ kind: 'picked' as const, of })),
  ];
  const shown = all.find((m) => nameOf(m) === p.open) ?? all[0];
  const name = shown ? nameOf(shown) : null;
  const seat = name === null ? undefined : seats.get(name);
  const step = (by: 1 | -1): void => {
    const next = all[all.findIndex((m) => m === shown) + by];
    if (next) p.onOpen(nameOf(next));
  };
  const toggle = (backend: 'web-wasm' | 'web-webgpu'): void => {
    if (!shown || name === null) return;
    if (seat?.state === 'ready' && seat.wanted.backend.name === backend) return unloadModel(name);
    // What becomes of it stands in its place of the list.
    void loadModel(wantedOf(shown, backend)).catch(() => undefined);
  };
  useKeys('models', [
    { key: 'j', label: 'next model', run: () => step(1), repeats: true },
    { key: 'k', label: 'previous model', run: () => step(-1), repeats: true },
    { key: 'l', label: 'load the model on WebAssembly, or unload it', run: () => toggle('web-wasm') },
  ]);
  useRoomCommands(
    shown && name !== null
      ? [
          ...(['web-wasm', 'web-webgpu'] as const)
            .filter((b) => seat?.state !== 'ready' || seat.wanted.backend.name !== b)
            .filter((b) => b === 'web-wasm' || 'gpu' in navigator)
            .map((b) => ({
              id: `load ${b}`,
              label: `Load ${name} on ${BACKEND_WORDS[b]}`,
              ...(b === 'web-wasm' && { keys: 'l' }),
              run: () => toggle(b),
            })),
          ...(seat?.state === 'ready'
            ? [{ id: 'unload', label: `Unload ${name}`, run: () => unloadModel(name) }]
            : []),
          ...(shown.kind === 'registered'
            ? (['score', 'sample', 'step-label'] as const).map((kind) => ({
                id: kind,
                label: `${ASKED[kind]} ${name}`,
                run: () => p.onLaunch({ kind, model: name }),
              }))
            : []),
        ]
      : [],
  );
  if (models.isPending) return <LoadingRows />;
  if (!models.data)
    return (
      <ErrorState
        cause={`The models could not be listed. ${reason(models.error)}`}
        onRetry={() => void models.refetch()}
      />
    );
  const add = <AddModel onAdded={p.onOpen} />;
  return (
    <div className="models">
      <div className="group">
        <header className="ph">
          <h2>Models</h2>
          <span className="t3">{all.length}</span>
          <span className="grow" />
          {all.length > 0 && add}
        </header>
        <ModelList models={all} seats={seats} shown={name} onOpen={p.onOpen} />
      </div>
      <div className="group model-side">
        {shown === undefined || name === null ? (
          <EmptyState text="A local model scores and samples traces on this machine, at no cost. Add a folder in Hugging Face's layout, with an ONNX graph in it.">
            {add}
          </EmptyState>
        ) : (
          <ModelDetail
            key={name}
            shown={shown}
            seat={seat}
            onRemoved={() => p.onOpen(null)}
            onLaunch={(kind) => p.onLaunch({ kind, model: name })}
          />
        )}
      </div>
      <div className="group">{name !== null && <Console key={name} name={name} seat={seat} />}</div>
      {p.launch !== null && models.data.length > 0 && (
        <LaunchDialog
          models={models.data}
          prefill={p.launch}
          onStarted={p.onLaunched}
          onClose={() => p.onLaunch(null)}
        />
      )}
    </div>
  );
};
