import { type Provider, ProviderSettings } from '@flywheel/domain/provider';
import { Button } from '@flywheel/ui/button.tsx';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { toast } from '../../app/toasts.ts';
import { KeyField } from './key-field.tsx';
import { PRESETS } from './presets.ts';
import { PriceTable } from './price-table.tsx';
import { settingsServer } from './server.ts';
import { TestSteps } from './test-steps.tsx';

const settingsOf = ({ key: _key, ...settings }: Provider): ProviderSettings => settings;
const numberOr = <T,>(text: string, otherwise: T): number | T => {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? otherwise : value;
};

/** One endpoint: where it is, its key, its limits, its prices, and a test of it all. */
export const ProviderForm = (p: {
  provider: Provider;
  isNew: boolean;
  onSaved: (saved: Provider) => Promise<void>;
  onRemoved: () => Promise<void>;
  onClose?: (() => void) | undefined;
}) => {
  const { provider, isNew } = p;
  const models = useId();
  const [draft, setDraft] = useState<ProviderSettings>(() => settingsOf(provider));
  const [key, setKey] = useState<string | null | undefined>(undefined);
  const change = (part: Partial<ProviderSettings>): void => setDraft((d) => ({ ...d, ...part }));
  const limit = (part: Partial<ProviderSettings['limits']>): void =>
    setDraft((d) => ({ ...d, limits: { ...d.limits, ...part } }));
  const read = ProviderSettings.safeParse(draft);
  const problemOf = (field: string): string =>
    read.success ? '' : (read.error.issues.find((i) => i.path.join('.') === field)?.message ?? '');
  const offered = useQuery({
    queryKey: ['providers', 'models', provider.id, provider.baseUrl],
    queryFn: () => settingsServer.models(provider.id),
    enabled: !isNew,
    retry: false,
    staleTime: 60_000,
  });
  const test = useMutation({ mutationFn: () => settingsServer.test(provider.id) });
  const save = useMutation({
    mutationFn: () => settingsServer.save(ProviderSettings.parse(draft), key),
    onSuccess: async (saved) => {
      setKey(undefined);
      test.reset();
      await p.onSaved(saved);
      toast({ text: `${saved.id} saved`, tone: 'good' });
    },
  });
  const remove = async (): Promise<void> => {
    const settings = await settingsServer.remove(provider.id);
    await p.onRemoved();
    toast({
      text: `${provider.id} removed; its key stays, encrypted, until it is replaced`,
      undo: async () => {
        await settingsServer.save(settings);
        await p.onRemoved();
      },
    });
  };
  const notRemoved = (error: unknown): void =>
    toast({ text: `Not removed: ${error instanceof Error ? error.message : error}`, tone: 'bad' });
  const changed =
    isNew || key !== undefined || JSON.stringify(draft) !== JSON.stringify(settingsOf(provider));
  const hint = PRESETS.find(
    (x) => x.settings.baseUrl === draft.baseUrl && x.settings.kind === draft.kind,
  )?.hint;
  const text = (label: string, field: 'baseUrl' | 'recording' | 'id', placeholder: string) => (
    <label>
      {label}
      <input
        className="field mono"
        value={draft[field] ?? ''}
        spellCheck={false}
        placeholder={placeholder}
        readOnly={field === 'id' && !isNew}
        aria-invalid={problemOf(field) !== ''}
        onChange={(e) => change({ [field]: e.target.value || null } as Partial<ProviderSettings>)}
      />
      <span className="bad">{problemOf(field)}</span>
    </label>
  );
  const number = (
    label: string,
    key: keyof ProviderSettings['limits'],
    placeholder: string,
    whenEmpty: number | null,
  ) => {
    const problem = problemOf(`limits.${key}`);
    return (
      <label>
        {label}
        <input
          className="field"
          type="number"
          min={1}
          value={draft.limits[key] ?? ''}
          placeholder={placeholder}
          aria-invalid={problem !== ''}
          onChange={(e) => limit({ [key]: numberOr(e.target.value, whenEmpty) })}
        />
        <span className="bad">{problem}</span>
      </label>
    );
  };
  return (
    <form
      className="provider-form pane"
      aria-label={`Provider ${draft.id}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (read.success && changed) save.mutate();
      }}
    >
      <header className="editor-head">
        <h2 className="mono">{draft.id}</h2>
        <span className="grow" />
        {!isNew && (
          <>
            <Button onClick={() => void remove().catch(notRemoved)}>Remove</Button>
            <Button
              disabled={changed || test.isPending}
              title={changed ? 'Save first: what is saved is tested' : 'From the address to an answer'}
              onClick={() => test.mutate()}
            >
              {test.isPending ? 'Testing…' : 'Test'}
            </Button>
          </>
        )}
        {p.onClose && <Button onClick={p.onClose}>Cancel</Button>}
        <Button primary submit disabled={!changed || !read.success || save.isPending}>
          Save
        </Button>
      </header>
      {save.error && (
        <p className="bad form-note" role="alert">
          {save.error.message}
        </p>
      )}
      {test.error && (
        <p className="bad form-note" role="alert">
          {test.error.message}
        </p>
      )}
      {test.data && !changed && <TestSteps result={test.data} />}
      <fieldset>
        <legend>Endpoint</legend>
        {text('Name', 'id', 'local-vllm')}
        <label>
          Protocol
          <select
            className="field"
            value={draft.kind}
            onChange={(e) => change({ kind: e.target.value as ProviderSettings['kind'] })}
          >
            <option value="openai">OpenAI-compatible</option>
            <option value="anthropic">Anthropic</option>
            <option value="replay">replay of a recording</option>
          </select>
        </label>
        {draft.kind === 'replay'
          ? text('Recording, in recordings/', 'recording', 'demo.jsonl')
          : text('Base URL', 'baseUrl', 'http://127.0.0.1:8000/v1')}
        <label>
          First model
          <input
            className="field mono"
            list={models}
            value={draft.model}
            spellCheck={false}
            placeholder={offered.data?.[0] ?? 'as the server names it'}
            onChange={(e) => change({ model: e.target.value })}
          />
          <datalist id={models}>
            {offered.data?.map((m) => (
              <option key={m} value={m} />
            ))}
          </datalist>
        </label>
        {hint && <p className="t2 wide">{hint}</p>}
        {draft.kind !== 'replay' && (
          <label className="wide check">
            <input
              type="checkbox"
              checked={draft.allowPrivate}
              onChange={(e) => change({ allowPrivate: e.target.checked })}
            />
            Allow an address of a private network
          </label>
        )}
      </fieldset>
      {draft.kind !== 'replay' && (
        <>
          <KeyField provider={provider} baseUrl={draft.baseUrl} value={key} onChange={setKey} />
          <fieldset>
            <legend>Limits</legend>
            {number('Calls at once', 'concurrency', '64', 1)}
            {number('Calls a minute', 'requestsPerMinute', 'no limit', null)}
            {number('Tokens a minute', 'tokensPerMinute', 'no limit', null)}
            {number('Seconds for one call', 'timeoutSeconds', '120', 1)}
            {number('Tries', 'attempts', '6', 1)}
          </fieldset>
          <PriceTable prices={draft.prices} onChange={(prices) => change({ prices })} />
        </>
      )}
    </form>
  );
};
