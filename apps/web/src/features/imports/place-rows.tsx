import { MOST_PATTERN, patternError } from '@flywheel/interchange/answer-pattern';
import type { AnswerSource } from '@flywheel/interchange/find-answer';
import { useState } from 'react';
import { ChoiceRow, FormRow } from './field-controls.tsx';

const PATTERN = 'pattern';
type Choice = Exclude<AnswerSource, object> | typeof PATTERN | '';

const PLACES: readonly (readonly [Choice, string])[] = [
  ['hashes', 'after ####'],
  ['boxed', 'in \\boxed{}'],
  ['the-answer-is', 'after "the answer is"'],
  ['answer-line', 'in the line "Answer:"'],
  ['last-line', 'in the last line'],
  [PATTERN, 'by a pattern of your own'],
];

/** Finds what is a number after an equals sign: an example that works, to be changed. */
const FIRST_PATTERN = '= *(\\S+)';

/** Where in a text the answer stands: as it is, at a known place, or where a pattern finds it. */
export const PlaceRows = (p: {
  label: string;
  place: AnswerSource | undefined;
  /** The words for no place at all. */
  otherwise: string;
  /** Stands before each place: which text is meant. */
  within?: string;
  onPlace: (place: AnswerSource | undefined) => void;
}) => {
  const pattern = typeof p.place === 'object' ? p.place.pattern : null;
  const choose = (choice: Choice): void => {
    if (choice === PATTERN) p.onPlace({ pattern: pattern ?? FIRST_PATTERN });
    else p.onPlace(choice === '' ? undefined : choice);
  };
  return (
    <>
      <ChoiceRow
        label={p.label}
        value={typeof p.place === 'object' ? PATTERN : (p.place ?? '')}
        choices={[
          ['', p.otherwise],
          ...PLACES.map(([place, text]) => [place, `${p.within ?? ''}${text}`] as const),
        ]}
        onChoice={choose}
      />
      {pattern !== null && (
        <PatternRow pattern={pattern} onPattern={(typed) => p.onPlace({ pattern: typed })} />
      )}
    </>
  );
};

/** What is typed becomes part of the mapping once it is a pattern; until then it says what is wrong with it, and where. */
const PatternRow = (p: { pattern: string; onPattern: (pattern: string) => void }) => {
  const [typed, setTyped] = useState(p.pattern);
  const error = typed === '' ? 'type a pattern' : patternError(typed);
  return (
    <FormRow
      label="Pattern"
      hint={
        error === null ? (
          'RE2: group 1 of the last match'
        ) : (
          <span className="bad" role="alert">
            {error}
          </span>
        )
      }
    >
      {(id) => (
        <input
          id={id}
          className="field mono"
          spellCheck={false}
          maxLength={MOST_PATTERN}
          aria-invalid={error !== null}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            if (target.value !== '' && patternError(target.value) === null) p.onPattern(target.value);
          }}
        />
      )}
    </FormRow>
  );
};
