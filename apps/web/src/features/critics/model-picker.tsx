import type { Provider, ProviderId } from '@flywheel/domain/provider';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import { reason } from '../../app/reason.ts';
import { criticsServer } from './server.ts';

export interface Where {
  provider: string;
  model: string;
}

/** Where to ask: a provider and one of its models, as the provider lists them, or as it is written. */
export const ModelPicker = (p: {
  providers: readonly Provider[];
  where: Where;
  onChange: (where: Where) => void;
}) => {
  const list = useId();
  const provider = p.providers.find((x) => x.id === p.where.provider);
  const offered = useQuery({
    queryKey: ['providers', 'models', provider?.id, provider?.baseUrl],
    queryFn: () => criticsServer.models(p.where.provider as ProviderId),
    enabled: provider !== undefined,
    retry: false,
    staleTime: 60_000,
  });
  const unlisted = offered.error
    ? `The models of ${p.where.provider} could not be listed: ${reason(offered.error)}`
    : '';
  return (
    <span className="model-picker">
      <select
        className="field"
        aria-label="Provider"
        value={p.where.provider}
        onChange={(e) => {
          const chosen = p.providers.find((x) => x.id === e.target.value);
          p.onChange({ provider: e.target.value, model: chosen?.model ?? '' });
        }}
      >
        {provider === undefined && p.where.provider !== '' && (
          <option value={p.where.provider}>{p.where.provider} (removed)</option>
        )}
        {p.providers.map((x) => (
          <option key={x.id} value={x.id}>
            {x.id}
          </option>
        ))}
      </select>
      <input
        className="field mono"
        aria-label="Model"
        list={list}
        placeholder={offered.data?.[0] ?? 'model'}
        title={unlisted || p.where.model}
        spellCheck={false}
        value={p.where.model}
        onChange={(e) => p.onChange({ ...p.where, model: e.target.value })}
      />
      <datalist id={list}>
        {offered.data?.map((m) => (
          <option key={m} value={m} />
        ))}
      </datalist>
      {unlisted && (
        <button
          type="button"
          className="ib warn"
          aria-label={`${unlisted} List again`}
          title={`${unlisted} Press to list again.`}
          onClick={() => void offered.refetch()}
        >
          <TriangleAlert className="i i12" aria-hidden="true" />
        </button>
      )}
    </span>
  );
};
