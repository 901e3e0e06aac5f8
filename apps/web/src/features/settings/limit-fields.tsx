import type { ProviderLimits } from '@flywheel/domain/provider';
import { LabelledField } from './labelled-field.tsx';

const FIELDS: readonly (readonly [key: keyof ProviderLimits, label: string, empty: string])[] = [
  ['concurrency', 'Calls at once', ''],
  ['requestsPerMinute', 'Calls a minute', 'no limit'],
  ['tokensPerMinute', 'Tokens a minute', 'no limit'],
  ['timeoutSeconds', 'Seconds for one call', ''],
  ['attempts', 'Tries', ''],
];

/** How much may be asked of an endpoint at once, and in a minute. */
export const LimitFields = (p: {
  limits: ProviderLimits;
  problemOf: (field: string) => string;
  onChange: (limits: ProviderLimits) => void;
}) => (
  <fieldset>
    <legend>Limits</legend>
    {FIELDS.map(([key, label, empty]) => (
      <LabelledField
        key={key}
        label={label}
        type="number"
        min={1}
        value={p.limits[key] ?? ''}
        placeholder={empty}
        problem={p.problemOf(`limits.${key}`)}
        // A field that is emptied says so, rather than taking a number that nobody entered.
        onChange={(e) =>
          p.onChange({ ...p.limits, [key]: e.target.value === '' ? null : Number(e.target.value) })
        }
      />
    ))}
  </fieldset>
);
