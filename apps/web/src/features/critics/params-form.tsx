import type { CriticBody } from '@flywheel/domain/critic';
import { NumberField } from '../../app/dialogs/number-field.tsx';

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
  const whole = (text: string, least: number, most: number): number =>
    Math.min(most, Math.max(least, Math.round(number(text) ?? least)));
  // Out of range would be no version, and a reload could not read the draft again.
  const set = (key: 'temperature' | 'topP' | 'seed', text: string): void => {
    const { [key]: _old, ...rest } = params;
    const given = number(text);
    const most = { temperature: 2, topP: 1, seed: Number.MAX_SAFE_INTEGER }[key];
    const bounded = given === undefined ? undefined : Math.min(most, Math.max(0, given));
    const value = key === 'seed' && bounded !== undefined ? Math.round(bounded) : bounded;
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
        onText={(text) => p.onChange({ params: { ...params, maxTokens: whole(text, 1, 1_000_000) } })}
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
        onText={(text) => p.onChange({ examples: { ...examples, n: whole(text, 0, 20) } })}
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
