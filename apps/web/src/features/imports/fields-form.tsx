import type { FieldsMapping } from '@flywheel/interchange/mapping';
import { useState } from 'react';
import { parseClean, printClean } from './clean-values.ts';
import { ChoiceRow, FormRow, PathRow, TextRow } from './field-controls.tsx';
import { PlaceRows } from './place-rows.tsx';
import type { SampleField } from './server.ts';

type Split = FieldsMapping['steps']['split'];

const SPLITS: readonly (readonly [Split, string])[] = [
  ['array', 'a list: one step an element'],
  ['lines', 'at line ends'],
  ['blank-lines', 'at blank lines'],
  ['numbered', 'before "Step N:"'],
  ['sentences', 'at sentence ends'],
  ['none', 'not at all: one step'],
];

const CLEAN: FieldsMapping['firstError'] = { path: '', base: 0, clean: [null, -1, 'N/A', ''] };

/** A mapping field by field; every change gives a whole new mapping. */
export const FieldsForm = (p: {
  mapping: FieldsMapping;
  fields: readonly SampleField[];
  onMapping: (mapping: FieldsMapping) => void;
}) => {
  const { mapping: m, fields } = p;
  const set = (change: Partial<FieldsMapping>): void => p.onMapping({ ...m, ...change });
  const put = <K extends Optional>(key: K, value: FieldsMapping[K] | undefined): void =>
    p.onMapping(withOptional(m, key, value));
  return (
    <div className="map-fields">
      <PathRow
        label="Problem"
        fields={fields}
        path={m.prompt}
        onPath={(prompt) => prompt && set({ prompt })}
      />
      <PathRow
        label="Context"
        optional
        fields={fields}
        path={m.context ?? null}
        onPath={(path) => put('context', path ?? undefined)}
      />
      <PathRow
        label="Steps"
        fields={fields}
        path={m.steps.path}
        onPath={(path) => path && set({ steps: { ...m.steps, path } })}
      />
      <ChoiceRow
        label="Split steps"
        value={m.steps.split}
        choices={SPLITS}
        onChoice={(split) => set({ steps: { ...m.steps, split } })}
      />
      {m.steps.split === 'array' && <StepTextRow steps={m.steps} onSteps={(steps) => set({ steps })} />}
      <TextRow label="Task" fields={fields} text={m.task} fromFileName onText={(task) => set({ task })} />
      <TextRow label="Model" fields={fields} text={m.model} onText={(model) => set({ model })} />
      <PathRow
        label="Reference"
        optional
        fields={fields}
        path={m.reference}
        onPath={(reference) => set({ reference })}
      />
      {m.reference !== null && (
        <PlaceRows
          label="Reference at"
          place={m.referenceFrom}
          otherwise="as it stands"
          onPlace={(place) => put('referenceFrom', place)}
        />
      )}
      <PathRow label="Answer" optional fields={fields} path={m.answer} onPath={(answer) => set({ answer })} />
      <PlaceRows
        label="Answer at"
        place={m.answerFrom}
        otherwise={m.answer === null ? 'not looked for' : 'as it stands'}
        within={m.answer === null ? 'in the steps, ' : ''}
        onPlace={(place) => put('answerFrom', place)}
      />
      <PathRow
        label="First error"
        optional
        fields={fields}
        path={m.firstError?.path ?? null}
        onPath={(path) => set({ firstError: path === null ? null : { ...(m.firstError ?? CLEAN), path } })}
      />
      {m.firstError && (
        <FirstErrorRows firstError={m.firstError} onFirstError={(firstError) => set({ firstError })} />
      )}
      <PathRow
        label="Step labels"
        optional
        fields={fields}
        path={m.stepLabels?.path ?? null}
        onPath={(path) => put('stepLabels', path === null ? undefined : { ...m.stepLabels, path })}
      />
      {m.stepLabels && (
        <ChoiceRow
          label="Label 0"
          value={m.stepLabels.zero ?? 'neutral'}
          choices={[
            ['neutral', 'means neutral: labels are -1, 0, +1'],
            ['bad', 'means wrong: labels are 0 and 1'],
          ]}
          onChoice={(zero) => put('stepLabels', { path: m.stepLabels?.path ?? '', zero })}
        />
      )}
      <PathRow
        label="Given outcome"
        optional
        fields={fields}
        path={m.given}
        onPath={(given) => set({ given })}
      />
      <FormRow label="Source">
        {(id) => (
          <input
            id={id}
            className="field"
            maxLength={100}
            value={m.source}
            onChange={({ target }) => set({ source: target.value })}
          />
        )}
      </FormRow>
    </div>
  );
};

type Optional = 'answerFrom' | 'referenceFrom' | 'context' | 'stepLabels';

/** What is not used is absent rather than empty: the mapping file names only what it uses. */
const withOptional = <K extends Optional>(
  mapping: FieldsMapping,
  key: K,
  value: FieldsMapping[K] | undefined,
): FieldsMapping => {
  const { [key]: _, ...rest } = mapping;
  return (value === undefined ? rest : { ...rest, [key]: value }) as FieldsMapping;
};

/** For steps that are objects: which part of each is its text. */
const StepTextRow = (p: {
  steps: FieldsMapping['steps'];
  onSteps: (steps: FieldsMapping['steps']) => void;
}) => (
  <FormRow label="Step's text">
    {(id) => (
      <input
        id={id}
        className="field mono"
        maxLength={200}
        placeholder="the whole element; of objects a path: text"
        value={p.steps.text ?? ''}
        onChange={({ target: { value } }) => {
          const { text: _, ...rest } = p.steps;
          p.onSteps(value.trim() === '' ? rest : { ...rest, text: value.trim() });
        }}
      />
    )}
  </FormRow>
);

const FirstErrorRows = (p: {
  firstError: NonNullable<FieldsMapping['firstError']>;
  onFirstError: (value: NonNullable<FieldsMapping['firstError']>) => void;
}) => {
  // What is typed, also while it is not yet a list.
  const [typed, setTyped] = useState(() => printClean(p.firstError.clean));
  return (
    <>
      <ChoiceRow
        label="Counted from"
        value={String(p.firstError.base) as '0' | '1'}
        choices={[
          ['0', '0: the first step is 0'],
          ['1', '1: the first step is 1'],
        ]}
        onChoice={(base) => p.onFirstError({ ...p.firstError, base: base === '1' ? 1 : 0 })}
      />
      <FormRow label="Means clean">
        {(id) => (
          <input
            id={id}
            className="field mono"
            value={typed}
            placeholder="null, -1, N/A, (empty)"
            onChange={({ target }) => {
              setTyped(target.value);
              p.onFirstError({ ...p.firstError, clean: parseClean(target.value) });
            }}
          />
        )}
      </FormRow>
    </>
  );
};
