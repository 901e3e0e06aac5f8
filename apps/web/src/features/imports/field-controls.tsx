import { type ReactNode, useId, useState } from 'react';
import type { SampleField } from './server.ts';

const NONE = '';
const OTHER = '\u0000other';
const FIXED = '\u0000fixed';
export const FILE_NAME = '$file';

/** A label, its control, and below it what the control says of the sample. */
export const FormRow = (p: { label: string; hint?: ReactNode; children: (id: string) => ReactNode }) => {
  const id = useId();
  return (
    <div className="map-row">
      <label htmlFor={id}>{p.label}</label>
      <div className="map-control">{p.children(id)}</div>
      {p.hint && <p className="map-hint t3 fs11 trunc">{p.hint}</p>}
    </div>
  );
};

interface PathProps {
  label: string;
  fields: readonly SampleField[];
  /** null: the mapping uses no field for this. */
  path: string | null;
  /** Whether it may be without a field. */
  optional?: boolean;
  onPath: (path: string | null) => void;
}

const exampleOf = (fields: readonly SampleField[], path: string | null): string | undefined => {
  const field = fields.find((f) => f.path === path);
  return field && `${field.kind}: ${field.example.replace(/\s+/g, ' ')}`;
};

/** Chooses a field of the sample, or takes a path that the sample does not show. */
export const PathRow = ({ label, fields, path, optional, onPath }: PathProps) => {
  const [typing, setTyping] = useState(false);
  return (
    <FormRow label={label} hint={exampleOf(fields, path)}>
      {(id) => (
        <>
          <select
            id={id}
            className="field mono"
            value={typing ? OTHER : (path ?? NONE)}
            onChange={({ target: { value } }) => {
              setTyping(value === OTHER);
              if (value !== OTHER) onPath(value === NONE ? null : value);
            }}
          >
            {(optional || path === null) && <option value={NONE}>(none)</option>}
            <FieldOptions fields={fields} path={path} />
            <option value={OTHER}>another path …</option>
          </select>
          {typing && (
            <input
              className="field mono"
              aria-label={`Path of ${label}`}
              placeholder="choices.0.text"
              defaultValue={path ?? ''}
              onChange={({ target }) => target.value.trim() && onPath(target.value.trim())}
            />
          )}
        </>
      )}
    </FormRow>
  );
};

const FieldOptions = ({ fields, path }: { fields: readonly SampleField[]; path: string | null }) => (
  <>
    {path !== null && path !== FILE_NAME && !fields.some((f) => f.path === path) && (
      <option value={path}>{path} (not in the sample)</option>
    )}
    {fields.map((field) => (
      <option key={field.path} value={field.path}>
        {field.path}
      </option>
    ))}
  </>
);

type Text = { path: string } | { constant: string };

/** Chooses a field, the file's name where that makes sense, or a fixed text for every trace. */
export const TextRow = (p: {
  label: string;
  fields: readonly SampleField[];
  text: Text;
  fromFileName?: boolean;
  onText: (text: Text) => void;
}) => {
  const path = 'path' in p.text ? p.text.path : null;
  const hint =
    path === FILE_NAME ? 'what stands before the first dot of its name' : exampleOf(p.fields, path);
  return (
    <FormRow label={p.label} hint={hint}>
      {(id) => (
        <>
          <select
            id={id}
            className="field mono"
            value={path ?? FIXED}
            onChange={({ target: { value } }) =>
              p.onText(value === FIXED ? { constant: 'unknown' } : { path: value })
            }
          >
            <FieldOptions fields={p.fields} path={path} />
            {(p.fromFileName || path === FILE_NAME) && <option value={FILE_NAME}>name of the file</option>}
            <option value={FIXED}>fixed text</option>
          </select>
          {'constant' in p.text && (
            <input
              className="field"
              aria-label={`${p.label}, fixed text`}
              maxLength={200}
              value={p.text.constant}
              onChange={({ target }) => p.onText({ constant: target.value })}
            />
          )}
        </>
      )}
    </FormRow>
  );
};

/** A choice of a few words. */
export const ChoiceRow = <T extends string>(p: {
  label: string;
  value: T;
  choices: readonly (readonly [T, string])[];
  onChoice: (value: T) => void;
}) => (
  <FormRow label={p.label}>
    {(id) => (
      <select
        id={id}
        className="field"
        value={p.value}
        onChange={({ target }) => p.onChoice(target.value as T)}
      >
        {p.choices.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    )}
  </FormRow>
);
