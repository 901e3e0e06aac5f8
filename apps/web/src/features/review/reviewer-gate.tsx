import { Reviewer } from '@flywheel/domain/review';
import { useState } from 'react';

/** Asks once who reviews. The name is stored with every review and becomes the judge `human:NAME`. */
export const ReviewerGate = ({ onName }: { onName: (name: string) => void }) => {
  const [text, setText] = useState('');
  const parsed = Reviewer.safeParse(text);
  const problem = text === '' || parsed.success ? null : (parsed.error.issues[0]?.message ?? 'not a name');
  return (
    <form
      className="rv-state"
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed.success) onName(parsed.data);
      }}
    >
      <label htmlFor="reviewer-name">Who reviews? Your name is kept with every label you give.</label>
      <input
        id="reviewer-name"
        className="rv-field"
        autoComplete="username"
        value={text}
        aria-invalid={problem !== null}
        aria-describedby="reviewer-problem"
        onChange={(event) => setText(event.target.value)}
      />
      <p id="reviewer-problem" className="bad fs12">
        {problem}
      </p>
      <button type="submit" className="btn primary" disabled={!parsed.success}>
        Begin
      </button>
    </form>
  );
};
