import type { Provider } from '@flywheel/domain/provider';
import { EmptyState } from '@flywheel/ui/empty-state.tsx';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { LoadingRows } from '@flywheel/ui/loading-rows.tsx';
import { Menu } from '@flywheel/ui/menu.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
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
  const [made, setMade] = useState<Provider | null>(null);
  if (providers.isPending) return <LoadingRows />;
  if (providers.error)
    return (
      <ErrorState
        cause={`The providers could not be listed: ${providers.error.message}`}
        onRetry={() => void providers.refetch()}
      />
    );
  const listed = providers.data;
  const add = (
    <Menu
      trigger="Add a provider"
      label="Add a provider"
      className="btn sm"
      items={PRESETS.map((preset) => ({
        label: preset.name,
        onSelect: () => {
          const id = freeName(
            preset.settings.id,
            listed.map((p) => p.id),
          );
          setMade({ ...preset.settings, id: id as Provider['id'], key: null });
        },
      }))}
    />
  );
  const shown = made ?? listed.find((p) => p.id === open) ?? listed[0] ?? null;
  const renew = () => cache.invalidateQueries({ queryKey: ['providers'] });
  return (
    <div className="settings">
      <div className="group">
        <header className="ph">
          <h2>Providers</h2>
          <span className="t3">{listed.length}</span>
          <span className="grow" />
          {add}
        </header>
        <ul className="provider-list" aria-label="Providers">
          {made && (
            <li>
              <button type="button" aria-current="true">
                <span className="mono">{made.id}</span>
                <span className="t3">not saved</span>
              </button>
            </li>
          )}
          {listed.map((p) => (
            <li key={p.id}>
              <button
                type="button"
                aria-current={!made && p.id === shown?.id}
                onClick={() => {
                  setMade(null);
                  onOpen(p.id);
                }}
              >
                <span className="mono">{p.id}</span>
                <span className="t3">{p.key?.stale ? 'key not used' : p.key ? 'with a key' : p.kind}</span>
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
        {shown ? (
          <ProviderForm
            key={`${shown.id} ${made !== null}`}
            provider={shown}
            isNew={made !== null}
            onSaved={async (saved) => {
              await renew();
              setMade(null);
              onOpen(saved.id);
            }}
            onRemoved={async () => {
              await renew();
              onOpen(null);
            }}
            onClose={made ? () => setMade(null) : undefined}
          />
        ) : (
          <EmptyState text="Critics ask models. Add an endpoint: a server of your own such as vLLM, Ollama or llama.cpp, or OpenAI or Anthropic." />
        )}
      </div>
    </div>
  );
};
