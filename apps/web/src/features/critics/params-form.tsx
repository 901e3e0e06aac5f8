import type { CriticBody } from '@flywheel/domain/critic';
import { NumberField } from './number-field.tsx';

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
      <NumberField
        label="Temperature"
        value={params.temperature ?? ''}
        placeholder="the provider's"
        min={0}
        max={2}
        step={0.1}
        onText={(text) => set('temperature', text)}
      />
      <NumberField
        label="Top p"
        value={params.topP ?? ''}
        placeholder="the provider's"
        min={0}
        max={1}
        step={0.05}
        onText={(text) => set('topP', text)}
      />
      <NumberField
        label="Longest answer, tokens"
        value={params.maxTokens}
        min={1}
        onText={(text) => p.onChange({ params: { ...params, maxTokens: Math.max(1, number(text) ?? 1) } })}
      />
      <NumberField
        label="Seed"
        value={params.seed ?? ''}
        placeholder="none"
        min={0}
        onText={(text) => set('seed', text)}
      />
      <NumberField
        label="Examples from gold"
        value={examples.n}
        min={0}
        max={20}
        onText={(text) =>
          p.onChange({ examples: { ...examples, n: Math.min(20, Math.max(0, number(text) ?? 0)) } })
        }
      />
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
