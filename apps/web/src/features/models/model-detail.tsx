import type { LocalModel, ModelId } from '@flywheel/domain/model';
import { Button } from '@flywheel/ui/button.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { duration } from '../../app/format.ts';
import { loadModel, registeredSource, type Seat, unloadModel } from '../../app/local-models.ts';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import type { LocalKind } from './launch-fields.ts';
import { MODELS, modelsServer } from './server.ts';
import { TriesTable } from './tries-table.tsx';
import { BACKEND_WORDS, megabytes } from './words.ts';

interface ModelDetailProps {
  name: string;
  /** null: a folder of this tab only. */
  model: LocalModel | null;
  seat: Seat | undefined;
  onRemoved: () => void;
  onLaunch: (kind: LocalKind) => void;
}

/** One model: load it here, what it is, how it did where it was tried, what it can be asked for. */
export const ModelDetail = ({ name, model, seat, onRemoved, onLaunch }: ModelDetailProps) => {
  const cache = useQueryClient();
  const remove = async (): Promise<void> => {
    try {
      const removed = await modelsServer.remove(name as ModelId);
      unloadModel(name);
      await cache.invalidateQueries(MODELS);
      onRemoved();
      toast({
        text: `${name} forgotten; its files stay`,
        undo: async () => {
          await modelsServer.restore(removed);
          await cache.invalidateQueries(MODELS);
        },
      });
    } catch (error) {
      toast({ text: `Not removed: ${reason(error)}`, tone: 'bad' });
    }
  };
  return (
    <div className="model-detail pane" tabIndex={0} role="group" aria-label={`Model ${name}`}>
      <header className="row model-head">
        <h2 className="mono trunc" title={name}>
          {name}
        </h2>
        <span className="grow" />
        {model && (
          <Button
            small
            ghost
            onClick={() => void remove()}
            title="Forgets the model; its files stay where they are"
          >
            Remove
          </Button>
        )}
      </header>
      <Loading name={name} model={model} seat={seat} />
      {model && (
        <>
          <section>
            <h3>Ask it about traces</h3>
            <div className="row wrap">
              <Button onClick={() => onLaunch('score')} title="How surprised is it by each step?">
                Score
              </Button>
              <Button onClick={() => onLaunch('sample')} title="What does it say when it is asked again?">
                Sample
              </Button>
              <Button
                onClick={() => onLaunch('step-label')}
                title="From which steps can it still reach the right answer?"
              >
                Label steps
              </Button>
            </div>
          </section>
          <Facts model={model} />
          <section>
            <h3>Where it was tried</h3>
            <TriesTable tries={model.tries} />
          </section>
          <section>
            <h3>
              Files <span className="t3">{model.files.length}</span>
            </h3>
            <ul className="model-files">
              {model.files.map((f) => (
                <li key={f.path}>
                  <span className="mono trunc" title={f.path}>
                    {f.path}
                  </span>
                  <span className="t3">{megabytes(f.bytes)}</span>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </div>
  );
};

const Facts = ({ model }: { model: LocalModel }) => {
  const { architecture: a } = model;
  const facts: [string, string][] = [
    ['from', model.origin.kind === 'folder' ? model.origin.path : model.origin.kind],
    ['licence', model.licence ?? 'not said in its card'],
    ['kind', `${a.type}, ${a.layers} layers of ${a.width}`],
    ['vocabulary', a.vocabulary.toLocaleString('en')],
    ['context', `${a.context.toLocaleString('en')} tokens`],
    ['conversation', model.chat ? 'has a chat template' : 'continues plain text only'],
  ];
  return (
    <section>
      <h3>What it is</h3>
      <dl className="model-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="trunc" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
};

/** Loads the model into this tab, shows how far that is, gives it up again. */
const Loading = ({ name, model, seat }: Pick<ModelDetailProps, 'name' | 'model' | 'seat'>) => {
  const [precision, setPrecision] = useState(model?.variants[0]?.precision ?? '');
  const load = (backend: 'web-wasm' | 'web-webgpu'): void => {
    const wanted =
      model !== null
        ? { name, source: registeredSource(model), registered: true, precision }
        : seat && { ...seat.wanted };
    // What becomes of it stands here.
    if (wanted) loadModel({ ...wanted, backend: { name: backend } }).catch(() => undefined);
  };
  if (seat?.state === 'loading') {
    const share = seat.asked > 0 ? seat.read / seat.asked : 0;
    const seconds = (performance.now() - seat.began) / 1_000;
    return (
      <section className="model-loading" aria-live="polite">
        <p className="row">
          <span>
            Loading on {BACKEND_WORDS[seat.wanted.backend.name]}: {megabytes(seat.read)} of{' '}
            {megabytes(seat.asked)}
            {share < 1 && share > 0 && seconds > 1
              ? `, ${megabytes(seat.read / seconds)}/s, ${duration((seconds * (1 - share)) / share)} left`
              : share === 1
                ? ', the graph is being made ready'
                : ''}
          </span>
          <span className="grow" />
          <Button small onClick={seat.stop}>
            Stop
          </Button>
        </p>
        <span className="bar" aria-hidden="true">
          <i style={{ width: `${100 * share}%` }} />
        </span>
      </section>
    );
  }
  if (seat?.state === 'ready') {
    const { backend, threads, report, context, gpu } = seat.open.loaded;
    return (
      <section>
        <p className="row">
          <span>
            In this tab on <b>{BACKEND_WORDS[backend]}</b>
            {backend === 'web-wasm' && `, ${threads} ${threads === 1 ? 'thread' : 'threads'}`}:{' '}
            {report.variant.precision}, {megabytes(report.weights)} of weights, {context.toLocaleString('en')}{' '}
            tokens
          </span>
          <span className="grow" />
          <Button small onClick={() => unloadModel(name)}>
            Unload
          </Button>
        </p>
        {gpu && !gpu.probe.passed && (
          <p className="bad" role="alert">
            Its figures are wrong on this adapter, so it gives none. Load it on WebAssembly.
          </p>
        )}
        {report.notes.map((note) => (
          <p key={note} className="t3 fs12">
            {note}
          </p>
        ))}
      </section>
    );
  }
  return (
    <section>
      {seat?.state === 'failed' && (
        <p className="bad" role="alert">
          {seat.error}
        </p>
      )}
      <div className="row wrap">
        <span className="t2">Load into this tab</span>
        {model !== null && model.variants.length > 1 && (
          <select
            className="field"
            aria-label="Precision"
            value={precision}
            onChange={(e) => setPrecision(e.target.value)}
          >
            {model.variants.map((v) => (
              <option key={v.path} value={v.precision}>
                {v.precision}, {megabytes(v.bytes)}
              </option>
            ))}
          </select>
        )}
        <Button primary onClick={() => load('web-wasm')}>
          WebAssembly
        </Button>
        <Button
          onClick={() => load('web-webgpu')}
          disabled={!('gpu' in navigator)}
          {...(!('gpu' in navigator) && { title: 'This browser offers no WebGPU' })}
        >
          WebGPU
        </Button>
      </div>
      {model !== null && <Need model={model} precision={precision} />}
    </section>
  );
};

/** What memory loading asks for, before it is done. */
const Need = ({ model, precision }: { model: LocalModel; precision: string }) => {
  const variant = model.variants.find((v) => v.precision === precision);
  if (!variant) return null;
  return (
    <p className="t3 fs12">
      Its weights take {megabytes(variant.unpacked)} on WebAssembly
      {variant.unpacked > variant.bytes && ', unpacked to float32'}, {megabytes(variant.bytes)} on WebGPU.
    </p>
  );
};
