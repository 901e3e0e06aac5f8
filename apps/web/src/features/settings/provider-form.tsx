import { isRemote, type Provider, ProviderSettings } from '@flywheel/domain/provider';
import { Button } from '@flywheel/ui/button.tsx';
import { useMutation, useQuery } from '@tanstack/react-query';
import { toast } from '../../app/toasts.ts';
import { dropDraft, isChanged, type ProviderDraft, setDraft, settingsOf, useDrafts } from './drafts.ts';
import { EndpointFields } from './endpoint-fields.tsx';
import { type FieldErrors, fieldErrors, reason, stillRefused } from './field-errors.ts';
import { KeyField } from './key-field.tsx';
import { LimitFields } from './limit-fields.tsx';
import { PriceTable } from './price-table.tsx';
import { settingsServer } from './server.ts';
import { settingsProblems } from './settings-problems.ts';
import { TestSteps } from './test-steps.tsx';

/** One endpoint: where it is, its key, its limits, its prices, and a test of it all. */
export const ProviderForm = (p: {
  /** What the draft is kept under. */
  slot: string;
  provider: Provider;
  /** Names of saved providers. */
  taken: readonly string[];
  onSaved: (saved: Provider) => Promise<void>;
  onRemoved: () => Promise<void>;
}) => {
  const { slot, provider } = p;
  const kept = useDrafts((s) => s.drafts.get(slot));
  const draft: ProviderDraft = kept ?? { settings: settingsOf(provider), key: undefined, isNew: false };
  const { settings, key, isNew } = draft;
  const changed = isChanged(kept, provider);
  const offered = useQuery({
    queryKey: ['providers', 'models', provider.id, provider.baseUrl],
    queryFn: () => settingsServer.models(provider.id),
    enabled: !isNew,
    retry: false,
    staleTime: 60_000,
  });
  const test = useMutation({ mutationFn: () => settingsServer.test(provider.id) });
  const save = useMutation({
    mutationFn: (sent: ProviderDraft) => settingsServer.save(ProviderSettings.parse(sent.settings), sent.key),
    onSuccess: async (saved) => {
      test.reset();
      await p.onSaved(saved);
      toast({ text: `${saved.id} saved`, tone: 'good' });
    },
  });
  const change = (part: Partial<ProviderDraft>): void => setDraft(slot, { ...draft, ...part });
  const set = (part: Partial<ProviderSettings>): void => change({ settings: { ...settings, ...part } });
  const discard = (): void => {
    save.reset();
    toast({ text: isNew ? `${settings.id} not added` : 'Changes dropped', undo: dropDraft(slot) });
  };
  const remove = async (): Promise<void> => {
    const removed = await settingsServer.remove(provider.id);
    const restore = dropDraft(slot);
    await p.onRemoved();
    toast({
      text: `${provider.id} removed; its key stays, encrypted, until it is replaced`,
      undo: async () => {
        await settingsServer.save(removed);
        restore();
        await p.onRemoved();
      },
    });
  };
  const notRemoved = (error: unknown): void => toast({ text: `Not removed: ${reason(error)}`, tone: 'bad' });
  const problems = settingsProblems(settings, isNew ? p.taken : []);
  const refused: FieldErrors = save.error
    ? stillRefused(fieldErrors(reason(save.error)), save.variables, draft)
    : {};
  const problemOf = (field: string): string => problems[field] ?? refused[field] ?? '';
  const sound = Object.keys(problems).length === 0;
  return (
    <form
      className="provider-form pane"
      aria-label={`Provider ${settings.id}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (sound && changed && !save.isPending) save.mutate(draft);
      }}
    >
      <header className="editor-head">
        <h2 className="mono" title={settings.id}>
          {settings.id}
        </h2>
        <span className="grow" />
        {!isNew && <Button onClick={() => void remove().catch(notRemoved)}>Remove</Button>}
        {!isNew && (
          <Button
            disabled={changed || test.isPending}
            title={changed ? 'Save first: what is saved is tested' : 'From the address to an answer'}
            onClick={() => test.mutate()}
          >
            {test.isPending ? 'Testing…' : 'Test'}
          </Button>
        )}
        {changed && <Button onClick={discard}>{isNew ? 'Cancel' : 'Discard'}</Button>}
        <Button primary submit disabled={!changed || !sound || save.isPending}>
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
      </header>
      {[refused.form ?? '', test.error ? reason(test.error) : ''].map(
        (said, i) =>
          said !== '' && (
            <p key={i} className="bad form-note" role="alert">
              {said}
            </p>
          ),
      )}
      {test.data && !changed && <TestSteps result={test.data} />}
      <EndpointFields
        settings={settings}
        isNew={isNew}
        models={offered.data ?? []}
        problemOf={problemOf}
        onChange={set}
      />
      {isRemote(settings.kind) && (
        <>
          <KeyField
            provider={provider}
            baseUrl={settings.baseUrl}
            value={key}
            problem={problemOf('key')}
            onChange={(value) => change({ key: value })}
          />
          <LimitFields
            limits={settings.limits}
            problemOf={problemOf}
            onChange={(limits) => set({ limits })}
          />
          <PriceTable
            prices={settings.prices}
            problem={problemOf('prices')}
            onChange={(prices) => set({ prices })}
          />
        </>
      )}
    </form>
  );
};
