import { useId } from 'react';

/** A labelled number; empty leaves it to what the placeholder says. */
export const NumberField = (p: {
  label: string;
  value: number | string;
  placeholder?: string;
  min?: number;
  max?: number;
  step?: number | 'any';
  /** Why the text cannot be taken; '' where it can. */
  problem?: string;
  onText: (text: string) => void;
}) => {
  const { label, onText, problem = '', ...rest } = p;
  const note = useId();
  return (
    <label>
      {label}
      <input
        className="field"
        type="number"
        {...rest}
        aria-invalid={problem !== ''}
        aria-describedby={note}
        onChange={(e) => onText(e.target.value)}
      />
      <span id={note} className="bad fs12">
        {problem}
      </span>
    </label>
  );
};
