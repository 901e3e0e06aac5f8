import { isRemote, type ProviderSettings } from '@flywheel/domain/provider';
import { useId } from 'react';
import { LabelledField } from './labelled-field.tsx';
import { PRESETS } from './presets.ts';

/** Where a provider is, what it speaks, and which model is offered first. */
export const EndpointFields = (p: {
  settings: ProviderSettings;
  isNew: boolean;
  /** Names of models that the endpoint lists. */
  models: readonly string[];
  problemOf: (field: string) => string;
  onChange: (part: Partial<ProviderSettings>) => void;
}) => {
  const { settings, isNew, models, problemOf, onChange } = p;
  const list = useId();
  const hint = PRESETS.find(
    (x) => x.settings.baseUrl === settings.baseUrl && x.settings.kind === settings.kind,
  )?.hint;
  const text = (label: string, field: 'baseUrl' | 'recording' | 'id', placeholder: string) => (
    <LabelledField
      label={label}
      mono
      value={settings[field] ?? ''}
      placeholder={placeholder}
      readOnly={field === 'id' && !isNew}
      problem={problemOf(field)}
      onChange={(e) =>
        onChange({ [field]: e.target.value || (field === 'id' ? '' : null) } as Partial<ProviderSettings>)
      }
    />
  );
  return (
    <fieldset>
      <legend>Endpoint</legend>
      {text('Name', 'id', 'local-vllm')}
      <label>
        Protocol
        <select
          className="field"
          value={settings.kind}
          onChange={(e) => onChange({ kind: e.target.value as ProviderSettings['kind'] })}
        >
          <option value="openai">OpenAI-compatible</option>
          <option value="anthropic">Anthropic</option>
          <option value="local">models of this workspace</option>
          <option value="replay">replay of a recording</option>
        </select>
      </label>
      {settings.kind === 'replay' && text('Recording, in recordings/', 'recording', 'demo.jsonl')}
      {isRemote(settings.kind) && text('Base URL', 'baseUrl', 'http://127.0.0.1:8000/v1')}
      <LabelledField
        label="First model"
        mono
        list={list}
        value={settings.model}
        placeholder={models[0] ?? 'as the server names it'}
        problem={problemOf('model')}
        onChange={(e) => onChange({ model: e.target.value })}
      />
      <datalist id={list}>
        {models.map((m) => (
          <option key={m} value={m} />
        ))}
      </datalist>
      {hint && <p className="t2 wide">{hint}</p>}
      {isRemote(settings.kind) && (
        <label className="wide check">
          <input
            type="checkbox"
            checked={settings.allowPrivate}
            onChange={(e) => onChange({ allowPrivate: e.target.checked })}
          />
          Allow an address of a private network
        </label>
      )}
    </fieldset>
  );
};
