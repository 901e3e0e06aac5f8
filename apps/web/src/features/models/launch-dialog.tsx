import type { LocalModel } from '@flywheel/domain/model';
import { parseQuery } from '@flywheel/domain/query/parse';
import { Button } from '@flywheel/ui/button.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { NumberField } from '../../app/dialogs/number-field.tsx';
import { RoomDialog } from '../../app/dialogs/room-dialog.tsx';
import { SliceField } from '../../app/dialogs/slice-field.tsx';
import { count } from '../../app/format.ts';
import { useLocalModels } from '../../app/local-models.ts';
import { reason } from '../../app/reason.ts';
import { workFor } from '../../app/tab-work.ts';
import { toast } from '../../app/toasts.ts';
import {
  type Form,
  formOf,
  type LocalKind,
  launchOf,
  NUMBERS,
  numberProblem,
  type Place,
  type Prefill,
} from './launch-fields.ts';
import { PromptFields } from './prompt-fields.tsx';
import { modelsServer } from './server.ts';

const KINDS: readonly { kind: LocalKind; label: string; says: string }[] = [
  { kind: 'score', label: 'Score', says: 'How surprised is the model by each step?' },
  { kind: 'sample', label: 'Sample', says: 'What does it say when it is asked again?' },
  { kind: 'step-label', label: 'Label steps', says: 'From which steps can it still reach the right answer?' },
];

const PLACES: readonly { place: Place; label: string }[] = [
  { place: 'worker', label: 'a thread of the server' },
  { place: 'web-wasm', label: 'this browser, WebAssembly' },
  { place: 'web-webgpu', label: 'this browser, WebGPU' },
];

interface LaunchProps {
  models: readonly LocalModel[];
  prefill: Prefill;
  onStarted: (run: number) => void;
  onClose: () => void;
}

/** What a local model would do with a slice, before it does: a dialog over the room. */
export const LaunchDialog = (p: LaunchProps) => (
  <RoomDialog label="Ask a local model" onClose={p.onClose}>
    <LaunchForm {...p} />
  </RoomDialog>
);

const LaunchForm = ({ models, prefill, onStarted, onClose }: LaunchProps) => {
  const seats = useLocalModels((s) => s.seats);
  const [form, setForm] = useState<Form>(() => {
    const loaded = [...seats.values()].find((s) => s.state === 'ready' && s.wanted.registered);
    const first = formOf(prefill, models, loaded?.wanted.name ?? null);
    const here = seats.get(first.model);
    return here?.state === 'ready' ? { ...first, place: here.wanted.backend.name } : first;
  });
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Form>): void => setForm((now) => ({ ...now, ...change }));
  const model = models.find((m) => m.id === form.model);
  const numbers = NUMBERS.filter((f) => f.of.includes(form.kind));
  const shown = numbers.filter((f) => f.name !== 'bound' || form.estimate === 'soft');
  const [queryProblem] = parseQuery(form.query).errors;
  const prompted = form.prompt.includes('{problem}');
  const complete =
    !queryProblem && prompted && numbers.every((f) => numberProblem(f, form.numbers[f.name]) === '');
  const launch = launchOf(form);
  const plan = useQuery({
    queryKey: ['local', 'plan', launch],
    queryFn: () => modelsServer.plan(launch),
    enabled: complete,
    placeholderData: (before) => before,
    retry: false,
  });
  const startable = complete && !busy && !plan.error && (plan.data?.items ?? 0) > 0;
  const start = async (): Promise<void> => {
    setBusy(true);
    try {
      const run = await modelsServer.launch(launch);
      if (form.place !== 'worker') workFor(run.id, form.place);
      onStarted(run.id);
    } catch (error) {
      toast({ text: `Not started: ${reason(error)}`, tone: 'bad' });
      setBusy(false);
    }
  };
  return (
    <form
      className="launch-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (startable) void start();
      }}
    >
      <header className="wide">
        <h2>Ask a local model</h2>
        <div className="kinds" role="radiogroup" aria-label="What to do">
          {KINDS.map(({ kind, label }) => (
            <button
              key={kind}
              type="button"
              role="radio"
              aria-checked={form.kind === kind}
              onClick={() => set({ kind })}
            >
              {label}
            </button>
          ))}
        </div>
        <p className="t2 fs12">{KINDS.find((k) => k.kind === form.kind)?.says}</p>
      </header>
      <div className="wide">
        <SliceField label="Over the traces that fit" query={form.query} onQuery={(query) => set({ query })} />
      </div>
      <label>
        Model
        <select
          className="field"
          value={form.model}
          onChange={(e) => {
            const next = models.find((m) => m.id === e.target.value);
            if (next)
              set({
                ...formOf({ ...prefill, model: next.id, kind: form.kind }, models, null),
                query: form.query,
                place: form.place,
              });
          }}
        >
          {models.map((m) => (
            <option key={m.id}>{m.id}</option>
          ))}
        </select>
      </label>
      <label>
        Precision
        <select className="field" value={form.precision} onChange={(e) => set({ precision: e.target.value })}>
          {model?.variants.map((v) => (
            <option key={v.path}>{v.precision}</option>
          ))}
        </select>
      </label>
      <label>
        On
        <select
          className="field"
          aria-label="Where"
          value={form.place}
          onChange={(e) => set({ place: PLACES.find((x) => x.place === e.target.value)?.place ?? 'worker' })}
        >
          {PLACES.filter(({ place }) => place !== 'web-webgpu' || 'gpu' in navigator).map(
            ({ place, label }) => (
              <option key={place} value={place}>
                {label}
              </option>
            ),
          )}
        </select>
      </label>
      {form.kind === 'sample' && <From from={form.from} onFrom={(from) => set({ from })} />}
      {form.kind === 'step-label' && (
        <label className="wide">
          A step is good when
          <select
            className="field"
            value={form.estimate}
            onChange={(e) => set({ estimate: e.target.value === 'soft' ? 'soft' : 'hard' })}
          >
            <option value="hard">at least one sample reaches the right answer (hard)</option>
            <option value="soft">enough of them do (soft)</option>
          </select>
        </label>
      )}
      {shown.map((f) => (
        <NumberField
          key={f.name}
          label={f.label}
          value={form.numbers[f.name]}
          min={f.min}
          max={f.max}
          step={f.whole ? 1 : 'any'}
          problem={numberProblem(f, form.numbers[f.name])}
          onText={(text) => set({ numbers: { ...form.numbers, [f.name]: text } })}
        />
      ))}
      <PromptFields form={form} canChat={model?.chat ?? false} onChange={set} />
      <div className="wide plan local-plan" aria-live="polite">
        {!complete ? (
          <p className="t3">Once the fields above are whole, what would be done stands here.</p>
        ) : plan.error ? (
          <ErrorState cause={reason(plan.error)} onRetry={() => plan.refetch()} />
        ) : plan.data ? (
          <dl>
            <dt>traces that fit</dt>
            <dd>{count(plan.data.traces)}</dd>
            {plan.data.items !== plan.data.traces && (
              <>
                <dt>problems among them, each asked once</dt>
                <dd>{count(plan.data.items)}</dd>
              </>
            )}
            {plan.data.samples > 0 && (
              <>
                <dt>traces that would be written</dt>
                <dd>{count(plan.data.samples)}</dd>
              </>
            )}
            {plan.data.warnings.map((warning) => (
              <p key={warning} className="warn">
                {warning}
              </p>
            ))}
          </dl>
        ) : (
          <p className="t3">Looking at the slice…</p>
        )}
      </div>
      <footer className="wide row">
        <span className="grow" />
        <Button onClick={onClose}>Cancel</Button>
        <Button primary submit disabled={!startable}>
          Start
        </Button>
      </footer>
    </form>
  );
};

const From = ({ from, onFrom }: { from: Form['from']; onFrom: (from: Form['from']) => void }) => (
  <div className="wide row from">
    <label className="grow">
      Begin
      <select
        className="field"
        value={from.kind}
        onChange={(e) =>
          onFrom(
            e.target.value === 'flaw'
              ? { kind: 'flaw' }
              : e.target.value === 'step'
                ? { kind: 'step', step: 1 }
                : { kind: 'start' },
          )
        }
      >
        <option value="start">anew, once for each problem</option>
        <option value="flaw">behind the steps before a trace’s first error</option>
        <option value="step">before a step of each trace</option>
      </select>
    </label>
    {from.kind === 'step' && (
      <label>
        Step
        <input
          className="field"
          type="number"
          min={0}
          value={from.step}
          onChange={(e) => onFrom({ kind: 'step', step: Math.max(0, Math.trunc(Number(e.target.value))) })}
        />
      </label>
    )}
  </div>
);
