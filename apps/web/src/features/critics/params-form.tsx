import type { CriticBody } from '@flywheel/domain/critic';

/** Parameters of the model and the policy of examples; empty fields leave a parameter to the provider. */
export const ParamsForm = (p: {
  body: CriticBody;
  readOnly: boolean;
  onChange: (part: Partial<CriticBody>) => void;
}) => {
  const { params, examples } = p.body;
  const number = (text: string): number | undefined => {
    const value = Number(text);
    return text.trim() === '' || Number.isNaN(value) ? undefined : value;
  };
  const set = (key: 'temperature' | 'topP' | 'seed', text: string): void => {
    const { [key]: _old, ...rest } = params;
    const value = number(text);
    p.onChange({ params: value === undefined ? rest : { ...rest, [key]: value } });
  };
  return (
    <fieldset className="params-form" disabled={p.readOnly}>
      <label>
        Temperature
        <input
          className="field"
          type="number"
          min={0}
          max={2}
          step={0.1}
          value={params.temperature ?? ''}
          placeholder="the provider's"
          onChange={(e) => set('temperature', e.target.value)}
        />
      </label>
      <label>
        Top p
        <input
          className="field"
          type="number"
          min={0}
          max={1}
          step={0.05}
          value={params.topP ?? ''}
          placeholder="the provider's"
          onChange={(e) => set('topP', e.target.value)}
        />
      </label>
      <label>
        Longest answer, tokens
        <input
          className="field"
          type="number"
          min={1}
          value={params.maxTokens}
          onChange={(e) =>
            p.onChange({ params: { ...params, maxTokens: Math.max(1, number(e.target.value) ?? 1) } })
          }
        />
      </label>
      <label>
        Seed
        <input
          className="field"
          type="number"
          min={0}
          value={params.seed ?? ''}
          placeholder="none"
          onChange={(e) => set('seed', e.target.value)}
        />
      </label>
      <label>
        Examples from gold
        <input
          className="field"
          type="number"
          min={0}
          max={20}
          value={examples.n}
          onChange={(e) =>
            p.onChange({
              examples: { ...examples, n: Math.min(20, Math.max(0, number(e.target.value) ?? 0)) },
            })
          }
        />
      </label>
      <label>
        Drawn from
        <select
          className="field"
          value={examples.from}
          onChange={(e) =>
            p.onChange({ examples: { ...examples, from: e.target.value === 'any' ? 'any' : 'same-task' } })
          }
        >
          <option value="same-task">the same task</option>
          <option value="any">any task</option>
        </select>
      </label>
      <p className="t3">Examples come from the train split only, and never from the judged problem.</p>
    </fieldset>
  );
};
