import { type InputHTMLAttributes, useId } from 'react';

/** An input with its name above it, and below it what is wrong with what it holds. */
export const LabelledField = ({
  label,
  problem,
  mono = false,
  ...input
}: Omit<InputHTMLAttributes<HTMLInputElement>, 'className'> & {
  label: string;
  problem: string;
  mono?: boolean;
}) => {
  const id = useId();
  return (
    <label>
      {label}
      <input
        {...input}
        className={mono ? 'field mono' : 'field'}
        spellCheck={false}
        aria-invalid={problem !== ''}
        aria-describedby={problem === '' ? undefined : id}
      />
      {problem !== '' && (
        <span id={id} className="bad" role="alert">
          {problem}
        </span>
      )}
    </label>
  );
};
