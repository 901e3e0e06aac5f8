import type { CriticVersion } from '@flywheel/domain/critic';
import type { CritiqueConfig } from '@flywheel/domain/critique';
import type { Provider, ProviderId } from '@flywheel/domain/provider';
import { parseQuery } from '@flywheel/domain/query/parse';
import { Button } from '@flywheel/ui/button.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { NumberField } from '../../app/dialogs/number-field.tsx';
import { RoomDialog } from '../../app/dialogs/room-dialog.tsx';
import { SliceField } from '../../app/dialogs/slice-field.tsx';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import { boundedProblem, LAUNCH_FIELDS, launchFieldsOf, launchOf, type Prefill } from './launch-fields.ts';
import { ModelPicker, type Where } from './model-picker.tsx';
import { PlanText } from './plan-text.tsx';
import { criticsServer } from './server.ts';

const PRIORITIES: readonly CritiqueConfig['priority'][] = ['low', 'normal', 'high'];

interface LaunchProps {
  version: CriticVersion;
  versions: readonly CriticVersion[];
  providers: readonly Provider[];
  where: Where;
  /** What a link asks to begin with. */
  prefill: Prefill;
  onStarted: (run: number) => void;
  onClose: () => void;
}

/** What asking a version about a slice would do, before it does: a dialog over the room. */
export const LaunchDialog = (p: LaunchProps) => (
  <RoomDialog label={`Launch ${p.version.critic}`} onClose={p.onClose}>
    <Form {...p} />
  </RoomDialog>
);

const Form = (p: LaunchProps) => {
  const { prefill } = p;
  const [number, setNumber] = useState(prefill.version ?? p.version.number);
  const [where, setWhere] = useState<Where>({
    provider: prefill.provider ?? p.where.provider,
    model: prefill.model ?? p.where.model,
  });
  const [query, setQuery] = useState(prefill.query ?? '');
  const [fields, setFields] = useState(() => launchFieldsOf(prefill));
  const [priority, setPriority] = useState(prefill.priority ?? 'normal');
  const [busy, setBusy] = useState(false);
  const version = p.versions.find((v) => v.number === number) ?? p.version;
  const [queryProblem] = parseQuery(query).errors;
  const problems = LAUNCH_FIELDS.map((f) => boundedProblem(f, fields[f.name]));
  const provider = p.providers.find((x) => x.id === where.provider);
  const complete = provider !== undefined && where.model !== '' && problems.every((x) => x === '');
  const launch = {
    critic: version.critic,
    version: version.number,
    provider: where.provider as ProviderId,
    model: where.model,
    query,
    priority,
    ...launchOf(fields),
  };
  const plan = useQuery({
    queryKey: ['critics', 'plan', launch],
    queryFn: () => criticsServer.plan(launch),
    enabled: complete && queryProblem === undefined,
    placeholderData: (before) => before,
    retry: false,
  });
  const nothing = plan.data?.items === 0;
  const startable = complete && !queryProblem && !nothing && !plan.error && !busy && plan.data !== undefined;
  const start = async (): Promise<void> => {
    setBusy(true);
    try {
      p.onStarted((await criticsServer.launch(launch)).id);
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
      <header className="wide row">
        <h2>
          Launch <span className="mono">{version.critic}</span>
        </h2>
        <span className="grow" />
        <select
          className="field"
          aria-label="Version"
          value={version.number}
          onChange={(e) => setNumber(Number(e.target.value))}
        >
          {p.versions.map((v) => (
            <option key={v.number} value={v.number}>
              v{v.number} {v.title.slice(0, 40)}
            </option>
          ))}
        </select>
      </header>
      <div className="wide">
        <SliceField label="Over the traces that fit" query={query} onQuery={setQuery} />
      </div>
      <div className="wide launch-where">
        <span className="t2 fs12">Asked of</span>
        <ModelPicker providers={p.providers} where={where} onChange={setWhere} />
        {!provider && where.provider !== '' && (
          <span className="bad fs12">There is no provider {where.provider} any more.</span>
        )}
      </div>
      {LAUNCH_FIELDS.map((f, i) => (
        <NumberField
          key={f.name}
          label={f.label}
          value={fields[f.name]}
          placeholder={f.name === 'concurrency' && plan.data ? String(plan.data.concurrency) : f.placeholder}
          min={f.min}
          {...(f.max !== undefined && { max: f.max })}
          {...(f.step !== undefined && { step: f.step })}
          problem={problems[i] ?? ''}
          onText={(text) => setFields((now) => ({ ...now, [f.name]: text }))}
        />
      ))}
      <label>
        Priority
        <select
          className="field"
          value={priority}
          onChange={(e) => setPriority(PRIORITIES.find((x) => x === e.target.value) ?? 'normal')}
        >
          {PRIORITIES.map((x) => (
            <option key={x}>{x}</option>
          ))}
        </select>
      </label>
      <div className="wide plan" aria-live="polite">
        {queryProblem || !complete ? (
          <p className="t3">Once the fields above are whole, what would be asked stands here.</p>
        ) : plan.error ? (
          <ErrorState cause={reason(plan.error)} onRetry={() => plan.refetch()} />
        ) : plan.data ? (
          <PlanText plan={plan.data} model={where.model} old={plan.isPlaceholderData} />
        ) : (
          <p className="t3">Looking at the slice…</p>
        )}
      </div>
      <footer className="wide row">
        <span className="grow" />
        <Button onClick={p.onClose}>Cancel</Button>
        <Button primary submit disabled={!startable}>
          Start
        </Button>
      </footer>
    </form>
  );
};
