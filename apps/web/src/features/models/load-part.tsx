import type { LocalModel } from '@flywheel/domain/model';
import { Button } from '@flywheel/ui/button.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { duration } from '../../app/format.ts';
import { loadModel, reloadModel, type Seat, unloadModel, type Wanted } from '../../app/local-models.ts';
import type { PickedModel } from '../../app/picked-models.ts';
import { askGpu } from '../../app/web-gpu.ts';
import { BACKEND_WORDS, megabytes } from './words.ts';

export interface LoadPartProps {
  name: string;
  source: Wanted['source'];
  registered: boolean;
  variants: LocalModel['variants'] | PickedModel['variants'];
  seat: Seat | undefined;
}

/** Loads the model into this tab, shows how far that is, gives it up again. */
export const LoadPart = (p: LoadPartProps) => {
  switch (p.seat?.state) {
    case 'loading':
      return <Loading seat={p.seat} />;
    case 'ready':
      return <Ready name={p.name} seat={p.seat} />;
    default:
      return <Choose {...p} />;
  }
};

const Loading = ({ seat }: { seat: Extract<Seat, { state: 'loading' }> }) => {
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
};

const Ready = ({ name, seat }: { name: string; seat: Extract<Seat, { state: 'ready' }> }) => {
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
};

const Choose = ({ name, source, registered, variants, seat }: LoadPartProps) => {
  const [precision, setPrecision] = useState(variants[0]?.precision ?? '');
  const gpu = useQuery({ queryKey: ['webgpu'], queryFn: askGpu, staleTime: Number.POSITIVE_INFINITY });
  const variant = variants.find((v) => v.precision === precision);
  // What becomes of it stands here.
  const load = (backend: 'web-wasm' | 'web-webgpu'): void =>
    void loadModel({ name, source, registered, precision, backend: { name: backend } }).catch(
      () => undefined,
    );
  return (
    <section>
      {seat?.state === 'failed' && (
        <p className="row" role="alert">
          <span className="bad">
            Failed on {BACKEND_WORDS[seat.wanted.backend.name]}: {seat.error}
          </span>
          <span className="grow" />
          <Button small onClick={() => void reloadModel(name).catch(() => undefined)}>
            Load again
          </Button>
        </p>
      )}
      <div className="row wrap">
        <span className="t2">Load into this tab</span>
        {variants.length > 1 && (
          <select
            className="field"
            aria-label="Precision"
            value={precision}
            onChange={(e) => setPrecision(e.target.value)}
          >
            {variants.map((v) => (
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
          disabled={!gpu.data?.offered}
          {...(gpu.data?.offered === false && { title: gpu.data.why })}
        >
          WebGPU
        </Button>
      </div>
      {variant && <Need variant={variant} />}
      <p className="t3 fs12">
        WebAssembly: {crossOriginIsolated ? threadsWord() : 'one thread, as this page is not isolated'}.
        WebGPU:{' '}
        {gpu.data === undefined
          ? 'being asked'
          : gpu.data.offered
            ? `${gpu.data.name}, binds up to ${megabytes(gpu.data.maxBinding)}`
            : `not offered here. ${gpu.data.why}`}
      </p>
    </section>
  );
};

const threadsWord = (): string => {
  const n = navigator.hardwareConcurrency;
  return n === 1 ? '1 thread' : `${n} threads`;
};

/** What memory loading asks for, before it is done. */
const Need = ({ variant }: { variant: LoadPartProps['variants'][number] }) => (
  <p className="t3 fs12">
    {variant.unpacked === null
      ? `Its graph takes ${megabytes(variant.bytes)} on WebGPU, and on WebAssembly what it is unpacked to: packed weights of 4 bits take up to 8 times as much.`
      : `Its weights take ${megabytes(variant.unpacked)} on WebAssembly${variant.unpacked > variant.bytes ? ', unpacked to float32' : ''}, ${megabytes(variant.bytes)} on WebGPU.`}
  </p>
);
