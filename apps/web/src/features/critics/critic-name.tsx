import { CriticId } from '@flywheel/domain/critic';
import { Button } from '@flywheel/ui/button.tsx';
import { type ReactNode, useId } from 'react';

/** Why a critic cannot be called so; '' where it can. */
export const nameProblem = (name: string, taken: readonly string[]): string => {
  if (taken.includes(name)) return 'There is a critic of that name.';
  const read = CriticId.safeParse(name);
  return read.success ? '' : (read.error.issues[0]?.message ?? 'It cannot be called so.');
};

/** A small form that asks for a critic's name. */
export const CriticName = (p: {
  name: string;
  taken: readonly string[];
  submit: string;
  busy: boolean;
  onName: (name: string) => void;
  onSubmit: (critic: CriticId) => void;
  children?: ReactNode;
}) => {
  const note = useId();
  const problem = nameProblem(p.name, p.taken);
  return (
    <form
      className="new-critic"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === '' && !p.busy) p.onSubmit(CriticId.parse(p.name));
      }}
    >
      {p.children}
      <label>
        Name
        <input
          className="field mono"
          value={p.name}
          spellCheck={false}
          aria-invalid={problem !== ''}
          aria-describedby={note}
          onChange={(e) => p.onName(e.target.value)}
        />
      </label>
      <p id={note} className="bad fs12" aria-live="polite">
        {problem}
      </p>
      <Button primary submit disabled={p.busy || problem !== ''}>
        {p.submit}
      </Button>
    </form>
  );
};
