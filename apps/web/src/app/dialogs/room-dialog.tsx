import { type ReactNode, useEffect, useRef } from 'react';
import { useTab } from '../tab.ts';
import './dialogs.css';

/** A dialog over the workbench: focus goes to its first field and, when it closes, back to where it was. */
export const RoomDialog = (p: { label: string; onClose: () => void; children: ReactNode }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const visible = useTab()?.visible ?? true;
  const close = useRef(p.onClose);
  close.current = p.onClose;
  // Left open in a tab behind, as after a step back in the history, it would hold the whole page.
  useEffect(() => {
    if (!visible) close.current();
  }, [visible]);
  useEffect(() => {
    const box = dialog.current;
    const before = document.activeElement;
    box?.showModal();
    box?.querySelector<HTMLElement>('input')?.focus();
    return () => {
      box?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="pop room-dialog"
      aria-label={p.label}
      onCancel={(event) => {
        event.preventDefault();
        p.onClose();
      }}
    >
      {p.children}
    </dialog>
  );
};
