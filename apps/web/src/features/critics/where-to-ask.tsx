import type { Provider } from '@flywheel/domain/provider';
import { Button } from '@flywheel/ui/button.tsx';
import type { UseQueryResult } from '@tanstack/react-query';
import { reason } from '../../app/reason.ts';
import { ModelPicker, type Where } from './model-picker.tsx';

/** Chooses where to ask; says what is missing where nobody can be asked. */
export const WhereToAsk = (p: {
  providers: UseQueryResult<Provider[]>;
  where: Where;
  onChange: (where: Where) => void;
}) => {
  const { data, error } = p.providers;
  if (error && !data)
    return (
      <span className="where-failed bad" role="alert">
        <span title={reason(error)}>Providers could not be read</span>
        <Button small onClick={() => void p.providers.refetch()}>
          Retry
        </Button>
      </span>
    );
  if (!data) return <span className="t3">Providers…</span>;
  return data.length === 0 ? (
    <a className="btn" href="/settings">
      Add a provider
    </a>
  ) : (
    <ModelPicker providers={data} where={p.where} onChange={p.onChange} />
  );
};
