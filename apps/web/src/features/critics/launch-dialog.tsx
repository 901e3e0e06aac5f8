import type { CriticVersion } from '@flywheel/domain/critic';
import type { ProviderId } from '@flywheel/domain/provider';
import { parseQuery } from '@flywheel/domain/query/parse';
import { Button } from '@flywheel/ui/button.tsx';
import { Popover } from '@flywheel/ui/popover.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from '../../app/toasts.ts';
import type { Where } from './model-picker.tsx';
import { NumberField } from './number-field.tsx';
import { criticsServer, type Launch, type Plan } from './server.ts';

/** A button whose panel says what asking a version about a slice would do, before it does. */
export const LaunchDialog = (p: {
  version: CriticVersion;
  where: Where;
  disabled: boolean;
  onStarted: (run: number) => void;
}) => (
  <Popover
    trigger={`Launch v${p.version.number}`}
    title={p.disabled ? 'Add a provider in Settings first' : 'Ask this version about a slice'}
    className="btn"
    disabled={p.disabled}
  >
    {(close) => (
      <Form
        {...p}
        onStarted={(run) => {
          close();
          p.onStarted(run);
        }}
      />
    )}
  </Popover>
);

const positive = (text: string): number | null => {
  const value = Number(text);
  return text.trim() !== '' && value > 0 ? value : null;
};

const Form = (p: { version: CriticVersion; where: Where; onStarted: (run: number) => void }) => {
  const [query, setQuery] = useState('');
  const [repetitions, setRepetitions] = useState('1');
  const [concurrency, setConcurrency] = useState('');
  const [tokens, setTokens] = useState('');
  const [money, setMoney] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem] = parseQuery(query).errors;
  const launch: Launch = {
    critic: p.version.critic,
    version: p.version.number,
    provider: p.where.provider as ProviderId,
    model: p.where.model,
    query,
    repetitions: Math.min(20, Math.round(positive(repetitions) ?? 1)),
    concurrency: positive(concurrency),
    priority: 'normal',
    budget: { tokens: positive(tokens), money: positive(money), minutes: null },
  };
  const plan = useQuery({
    queryKey: ['critics', 'plan', launch],
    queryFn: () => criticsServer.plan(launch),
    enabled: problem === undefined && p.where.model !== '',
    placeholderData: (before) => before,
    retry: false,
  });
  const nothing = plan.data?.items === 0;
  return (
    <form
      className="launch-form"
      onSubmit={async (event) => {
        event.preventDefault();
        if (problem || nothing || p.where.model === '') return;
        setBusy(true);
        try {
          p.onStarted((await criticsServer.launch(launch)).id);
        } catch (error) {
          toast({ text: `Not started: ${error instanceof Error ? error.message : error}`, tone: 'bad' });
          setBusy(false);
        }
      }}
    >
      <label className="wide">
        Over the traces that fit
        <input
          className="field mono"
          value={query}
          spellCheck={false}
          placeholder="all traces, or task:gsm8k outcome:wrong"
          aria-invalid={problem !== undefined}
          onChange={(e) => setQuery(e.target.value)}
        />
      </label>
      <NumberField label="Answers for each" value={repetitions} min={1} max={20} onText={setRepetitions} />
      <NumberField
        label="Calls at once"
        value={concurrency}
        placeholder={plan.data ? String(plan.data.concurrency) : ''}
        min={1}
        onText={setConcurrency}
      />
      <NumberField
        label="Stop before tokens"
        value={tokens}
        placeholder="no limit"
        min={1}
        onText={setTokens}
      />
      <NumberField
        label="Stop before dollars"
        value={money}
        placeholder="no limit"
        min={0}
        step="any"
        onText={setMoney}
      />
      <div className="wide plan" aria-live="polite">
        {problem ? (
          <p className="bad">{problem.message}</p>
        ) : plan.error ? (
          <p className="bad">{plan.error.message}</p>
        ) : plan.data ? (
          <PlanText plan={plan.data} where={p.where} />
        ) : (
          <p className="t3">Looking at the slice…</p>
        )}
      </div>
      <Button
        primary
        submit
        disabled={busy || nothing || problem !== undefined || p.where.model === '' || !!plan.error}
      >
        Start
      </Button>
    </form>
  );
};

const PlanText = ({ plan, where }: { plan: Plan; where: Where }) => (
  <>
    <dl>
      <dt>answers</dt>
      <dd>
        {plan.items.toLocaleString('en')} of {plan.traces.toLocaleString('en')} traces
      </dd>
      <dt>kept already</dt>
      <dd>{plan.cached.toLocaleString('en')}</dd>
      <dt>calls to {where.model}</dt>
      <dd>{plan.toCall.toLocaleString('en')}</dd>
      <dt>tokens, at most</dt>
      <dd>
        {plan.inputTokens.toLocaleString('en')} in, {plan.outputTokens.toLocaleString('en')} out
      </dd>
      <dt>cost, at most</dt>
      <dd>{plan.cost === null ? 'unknown: the model has no price' : `$${plan.cost.toFixed(2)}`}</dd>
    </dl>
    {plan.warnings.map((warning) => (
      <p className="warn" key={warning}>
        {warning}
      </p>
    ))}
  </>
);
