import { type ReactNode, useId, useState } from 'react';

interface NameFormProps {
  label: string;
  submit: string;
  /** Offered while typing. */
  known: readonly string[];
  initial?: string;
  /** Why a name cannot be taken, or null. */
  refuse?: (name: string) => string | null;
  onName: (name: string) => void;
  children?: ReactNode;
}

/** A small form that asks for one name. */
export const NameForm = ({ label, submit, known, initial = '', refuse, onName, children }: NameFormProps) => {
  const id = useId();
  const [name, setName] = useState(initial);
  const problem = name.trim() === '' ? null : (refuse?.(name.trim()) ?? null);
  return (
    <form
      className="pop-form"
      onSubmit={(e) => {
        e.preventDefault();
        if (name.trim() !== '' && !problem) onName(name.trim());
      }}
    >
      <label htmlFor={id} className="fs12 t2">
        {label}
      </label>
      <div className="row">
        <input
          id={id}
          className="field grow"
          list={`${id}-known`}
          maxLength={60}
          value={name}
          aria-invalid={problem !== null}
          onChange={(e) => setName(e.target.value)}
        />
        <datalist id={`${id}-known`}>
          {known.map((k) => (
            <option key={k} value={k} />
          ))}
        </datalist>
        <button type="submit" className="btn primary" disabled={name.trim() === '' || problem !== null}>
          {submit}
        </button>
      </div>
      {problem && (
        <p className="bad fs12" role="alert">
          {problem}
        </p>
      )}
      {children}
    </form>
  );
};
