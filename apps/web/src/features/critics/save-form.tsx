import { Button } from '@flywheel/ui/button.tsx';
import { useState } from 'react';

/** What is new in the version that is being saved. */
export const SaveForm = (p: { number: number; onSave: (title: string) => void; onClose: () => void }) => {
  const [title, setTitle] = useState('');
  return (
    <form
      className="save-form"
      onSubmit={(event) => {
        event.preventDefault();
        p.onSave(title.trim() || `version ${p.number}`);
      }}
      onKeyDown={(event) => event.key === 'Escape' && p.onClose()}
    >
      <label>
        <span className="t2">What is new in v{p.number}</span>
        <input
          autoFocus
          className="field"
          value={title}
          maxLength={120}
          placeholder="cite steps, keep signs"
          onChange={(e) => setTitle(e.target.value)}
        />
      </label>
      <Button primary submit>
        Save v{p.number}
      </Button>
      <Button onClick={p.onClose}>Cancel</Button>
    </form>
  );
};
