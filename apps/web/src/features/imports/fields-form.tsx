import type { FieldsMapping } from '@flywheel/interchange/mapping';
import { useState } from 'react';
import { parseClean, printClean } from './clean-values.ts';
import { ChoiceRow, FormRow, PathRow, TextRow } from './field-controls.tsx';
import type { SampleField } from './server.ts';

type Split = FieldsMapping['steps']['split'];
type Place = NonNullable<FieldsMapping['answerFrom']>;

const SPLITS: readonly (readonly [Split, string])[] = [
  ['array', 'a list: one step an element'],
  ['lines', 'at line ends'],
  ['blank-lines', 'at blank lines'],
  ['numbered', 'before "Step N:"'],
  ['sentences', 'at sentence ends'],
  ['none', 'not at all: one step'],
];

const PLACES: readonly (readonly [Place | '', string])[] = [
  ['', 'as it stands'],
  ['hashes', 'after ####'],
  ['boxed', 'in \\boxed{}'],
  ['the-answer-is', 'after "the answer is"'],
  ['answer-line', 'in the line "Answer:"'],
  ['last-line', 'in the last line'],
];

const IN_STEPS = PLACES.slice(1).map(([place, text]) => [place, `in the steps, ${text}`] as const);

const CLEAN: FieldsMapping['firstError'] = { path: '', base: 0, clean: [null, -1, 'N/A', ''] };

/** A mapping field by field; every change gives a whole new mapping. */
export const FieldsForm = (p: {
  mapping: FieldsMapping;
  fields: readonly SampleField[];
  onMapping: (mapping: FieldsMapping) => void;
}) => {
  const { mapping: m, fields } = p;
  const set = (change: Partial<FieldsMapping>): void => p.onMapping({ ...m, ...change });
  return (
    <div className="map-fields">
      <PathRow
        label="Problem"
        fields={fields}
        path={m.prompt}
        onPath={(prompt) => prompt && set({ prompt })}
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
        <ChoiceRow
          label="Reference at"
          value={m.referenceFrom ?? ''}
          choices={PLACES}
          onChoice={(place) => p.onMapping(withPlace(m, 'referenceFrom', place))}
        />
      )}
      <PathRow label="Answer" optional fields={fields} path={m.answer} onPath={(answer) => set({ answer })} />
      <ChoiceRow
        label="Answer at"
        value={m.answerFrom ?? ''}
        choices={m.answer === null ? [['', 'not looked for'], ...IN_STEPS] : PLACES}
        onChoice={(place) => p.onMapping(withPlace(m, 'answerFrom', place))}
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

/** A place is absent rather than empty: the mapping file names only what it uses. */
const withPlace = (
  mapping: FieldsMapping,
  key: 'answerFrom' | 'referenceFrom',
  place: Place | '',
): FieldsMapping => {
  const { [key]: _, ...rest } = mapping;
  return place === '' ? rest : { ...rest, [key]: place };
};

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
