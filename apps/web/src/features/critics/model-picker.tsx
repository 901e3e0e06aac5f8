import type { Provider } from '@flywheel/domain/provider';

export interface Where {
  provider: string;
  model: string;
}

/** Where to ask: a provider and one of its models. */
export const ModelPicker = (p: {
  providers: readonly Provider[];
  where: Where;
  onChange: (where: Where) => void;
}) => (
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
      {p.providers.map((x) => (
        <option key={x.id} value={x.id}>
          {x.id}
        </option>
      ))}
    </select>
    <input
      className="field mono"
      aria-label="Model"
      placeholder="model"
      spellCheck={false}
      value={p.where.model}
      onChange={(e) => p.onChange({ ...p.where, model: e.target.value })}
    />
  </span>
);
