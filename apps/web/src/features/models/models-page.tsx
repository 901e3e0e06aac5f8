import type { LocalModel } from '@flywheel/domain/model';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { pickedFolder } from '../../app/inference.ts';
import { loadModel, useLocalModels } from '../../app/local-models.ts';
import { reason } from '../../app/reason.ts';
import { AddModel } from './add-model.tsx';
import { Console } from './console.tsx';
import { LaunchDialog } from './launch-dialog.tsx';
import type { Prefill } from './launch-fields.ts';
import { ModelDetail } from './model-detail.tsx';
import { ModelList } from './model-list.tsx';
import './models.css';
import { MODELS } from './server.ts';

export interface ModelsPageProps {
  /** The model that the URL names. */
  open: string | null;
  /** What a link asks to launch; null: nothing. */
  launch: Prefill | null;
  onOpen: (model: string | null) => void;
  onLaunched: (run: number) => void;
  onLaunch: (prefill: Prefill | null) => void;
}

/** Models of this workspace and of this tab: what they are, where they run, and a console to speak to one. */
export const ModelsPage = (p: ModelsPageProps) => {
  const models = useQuery(MODELS);
  const seats = useLocalModels((s) => s.seats);
  const told = useLocalModels((s) => s.told);
  const cache = useQueryClient();
  useEffect(() => {
    if (told > 0) void cache.invalidateQueries(MODELS);
  }, [told, cache]);
  if (models.isPending) return <LoadingRows />;
  if (!models.data)
    return (
      <ErrorState
        cause={`The models could not be listed. ${reason(models.error)}`}
        onRetry={() => void models.refetch()}
      />
    );
  const picked = [...seats.values()].filter((s) => !s.wanted.registered).map((s) => s.wanted.name);
  const names = [...models.data.map((m) => m.id as string), ...picked];
  const shown = p.open !== null && names.includes(p.open) ? p.open : (names[0] ?? null);
  const model = models.data.find((m) => m.id === shown) ?? null;
  const add = (
    <AddModel
      onAdded={(added: LocalModel) => p.onOpen(added.id)}
      onPicked={(files) => {
        const source = pickedFolder(files);
        p.onOpen(source.name);
        // What becomes of it stands in its place of the list.
        loadModel({ name: source.name, source, backend: { name: 'web-wasm' }, registered: false }).catch(
          () => undefined,
        );
      }}
    />
  );
  return (
    <div className="models">
      <div className="group">
        <header className="ph">
          <h2>Models</h2>
          <span className="t3">{names.length}</span>
          <span className="grow" />
          {names.length > 0 && add}
        </header>
        <ModelList models={models.data} picked={picked} seats={seats} shown={shown} onOpen={p.onOpen} />
      </div>
      <div className="group model-side">
        {shown === null ? (
          <EmptyState text="A local model scores and samples traces on this machine, at no cost. Add a folder in Hugging Face's layout, with an ONNX graph in it.">
            {add}
          </EmptyState>
        ) : (
          <ModelDetail
            key={shown}
            name={shown}
            model={model}
            seat={seats.get(shown)}
            onRemoved={() => p.onOpen(null)}
            onLaunch={(kind) => p.onLaunch({ kind, model: shown })}
          />
        )}
      </div>
      <div className="group">
        {shown !== null && <Console key={shown} name={shown} seat={seats.get(shown)} />}
      </div>
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
