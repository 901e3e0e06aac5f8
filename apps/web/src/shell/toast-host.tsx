import { Toast } from '@flywheel/ui/toast.tsx';
import { useEffect } from 'react';
import { isTextField } from '../app/key-match.ts';
import { isOverlay } from '../app/keys.ts';
import { dismissToast, undoToast, useToasts } from '../app/toasts.ts';

const SHOWN_MS = 6_000;

/** Dialogs, menus and lists choose by letter. */
const takesLetters = (target: EventTarget | null): boolean =>
  isOverlay(target) || (target instanceof Element && target.closest('[role="listbox"]') !== null);

/** Shows the toast of `app/toasts.ts`; `u` undoes while it shows. */
export const ToastHost = () => {
  const shown = useToasts((s) => s.shown);
  useEffect(() => {
    if (!shown?.undo) return;
    // On the capturing side: while the toast offers `u`, no room takes it.
    const down = (event: KeyboardEvent): void => {
      if (event.key !== 'u' || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (isTextField(event.target) || takesLetters(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      void undoToast(shown);
    };
    window.addEventListener('keydown', down, true);
    return () => window.removeEventListener('keydown', down, true);
  }, [shown]);
  if (!shown) return null;
  const { id, text, tone = 'plain', undo, link } = shown;
  return (
    <Toast
      key={id}
      text={text}
      tone={tone}
      shownMs={SHOWN_MS}
      onUndo={undo && (() => void undoToast(shown))}
      link={link}
      onGone={() => dismissToast(id)}
    />
  );
};
