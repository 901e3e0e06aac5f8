import type { Provider } from '@flywheel/domain/provider';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { Menu } from '@flywheel/ui/menu.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { dropDraft, isChanged, setDraft, useDrafts } from './drafts.ts';
import { reason } from './field-errors.ts';
import { freeName, PRESETS } from './presets.ts';
import { ProviderForm } from './provider-form.tsx';
import { RestartSetting } from './restart-setting.tsx';
import { settingsServer } from './server.ts';
import './settings.css';

export interface SettingsPageProps {
  /** The provider that the URL names. */
  open: string | null;
  onOpen: (provider: string | null) => void;
}

/** Where models are asked: endpoints, their keys, limits and prices. */
export const SettingsPage = ({ open, onOpen }: SettingsPageProps) => {
  const cache = useQueryClient();
  const providers = useQuery({ queryKey: ['providers', 'list'], queryFn: settingsServer.providers });
  const drafts = useDrafts((s) => s.drafts);
  if (providers.isPending) return <LoadingRows />;
  if (!providers.data)
    return (
      <ErrorState
        cause={`The providers could not be listed. ${reason(providers.error)}`}
        onRetry={() => void providers.refetch()}
      />
    );
  const saved = providers.data;
  const made = [...drafts].flatMap(([slot, draft]): [string, Provider][] =>
    draft.isNew ? [[slot, { ...draft.settings, key: null }]] : [],
  );
  const listed = [...made, ...saved.map((p): [string, Provider] => [p.id, p])];
  const [slot, shown] = listed.find(([id]) => id === open) ?? listed[0] ?? [null, null];
  const add = (className: string) => (
    <Menu
      trigger="Add a provider"
      label="Add a provider"
      className={className}
      items={PRESETS.map((preset) => ({
        label: preset.name,
        onSelect: () => {
          const taken = listed.flatMap(([id, p]) => [id, p.id as string]);
          const id = freeName(preset.settings.id, taken) as Provider['id'];
          setDraft(id, { settings: { ...preset.settings, id }, key: undefined, isNew: true });
          onOpen(id);
        },
      }))}
    />
  );
  const renew = () => cache.invalidateQueries({ queryKey: ['providers'] });
  return (
    <div className="settings">
      <div className="group">
        <header className="ph">
          <h2>Providers</h2>
          <span className="t3">{saved.length}</span>
          <span className="grow" />
          {listed.length > 0 && add('btn sm')}
        </header>
        {providers.error && (
          <p className="bad list-note" role="alert">
            {reason(providers.error)}
          </p>
        )}
        <ul className="provider-list" aria-label="Providers">
          {listed.map(([id, p]) => (
            <li key={id}>
              <button type="button" aria-current={id === slot} onClick={() => onOpen(id)}>
                <span className="mono name" title={p.id}>
                  {p.id}
                </span>
                <ProviderNote provider={p} unsaved={isChanged(drafts.get(id), p)} />
                <span className="t3 url" title={p.baseUrl ?? p.recording ?? ''}>
                  {p.baseUrl ?? p.recording}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <span className="grow" />
        <RestartSetting />
      </div>
      <div className="group">
        {slot !== null && shown ? (
          <ProviderForm
            key={slot}
            slot={slot}
            provider={shown}
            taken={saved.map((p) => p.id)}
            onSaved={async (now) => {
              await renew();
              dropDraft(slot);
              onOpen(now.id);
            }}
            onRemoved={async () => {
              await renew();
              onOpen(null);
            }}
          />
        ) : (
          <EmptyState text="Critics ask models. Add an endpoint: a server of your own such as vLLM, Ollama or llama.cpp, or OpenAI or Anthropic.">
            {add('btn primary')}
          </EmptyState>
        )}
      </div>
    </div>
  );
};

const ProviderNote = ({ provider, unsaved }: { provider: Provider; unsaved: boolean }) => {
  const { key, kind } = provider;
  if (unsaved) return <span className="warn">not saved</span>;
  if (key?.stale) return <span className="warn">key not used</span>;
  return <span className="t3">{key ? 'with a key' : kind}</span>;
};
