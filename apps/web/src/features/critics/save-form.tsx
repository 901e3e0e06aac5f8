import { Button } from '@flywheel/ui/button.tsx';

/** What is new in the version that is being saved. The name is the draft's: it stays when the form is closed. */
export const SaveForm = (p: {
  number: number;
  title: string;
  /** The version that says the same already; null: none does. */
  same: number | null;
  busy: boolean;
  onTitle: (title: string) => void;
  onSave: () => void;
  /** Drops the draft and opens the version that says the same. */
  onOpenSame: (version: number) => void;
  onClose: () => void;
}) => {
  const { same } = p;
  return (
    <form
      className="save-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (same === null && !p.busy) p.onSave();
      }}
      onKeyDown={(event) => event.key === 'Escape' && p.onClose()}
    >
      <label>
        <span className="t2">What is new in v{p.number}</span>
        <input
          autoFocus
          className="field"
          value={p.title}
          maxLength={120}
          placeholder="cite steps, keep signs"
          aria-describedby="save-note"
          onChange={(e) => p.onTitle(e.target.value)}
        />
      </label>
      <p id="save-note" className="warn fs12" aria-live="polite">
        {same !== null && `The draft says what v${same} says: there is nothing to save.`}
      </p>
      {same !== null && <Button onClick={() => p.onOpenSame(same)}>Open v{same} instead</Button>}
      <Button
        primary
        submit
        disabled={p.busy || same !== null}
        title={same === null ? '' : `It is the same as v${same}`}
      >
        Save v{p.number}
      </Button>
      <Button onClick={p.onClose}>Cancel</Button>
    </form>
  );
};
