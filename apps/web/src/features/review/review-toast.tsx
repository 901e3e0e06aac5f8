import { Kbd } from '@flywheel/ui/kbd.tsx';
import { useEffect } from 'react';
import type { Note } from './review-store.ts';

const SHOWN_MS = 5_000;

/** What was just done, with its undo; it leaves by itself. */
export const ReviewToast = (p: { note: Note; onUndo: () => void; onGone: () => void }) => {
  const { note, onGone } = p;
  useEffect(() => {
    const timer = setTimeout(onGone, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [note.id, onGone]);
  return (
    <div className="rv-pop rv-toast" role="status" key={note.id}>
      <span className={note.tone} aria-hidden="true">
        {note.tone === 'good' ? '✓' : '!'}
      </span>
      <span>{note.text}</span>
      {note.undoable && (
        <button type="button" className="btn sm" onClick={p.onUndo}>
          Undo <Kbd keys="u" />
        </button>
      )}
      <span className="rv-toast-time" style={{ animationDuration: `${SHOWN_MS}ms` }} />
    </div>
  );
};
