import { type ReactNode, useEffect, useRef } from 'react';

/** A dialog over the workbench: the browser keeps focus in it, closes it on Esc, and gives focus back. */
export const Overlay = (p: {
  label: string;
  className: string;
  onClose: () => void;
  children: ReactNode;
}) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const box = dialog.current;
    const before = document.activeElement;
    box?.showModal();
    box?.querySelector('input')?.focus();
    return () => {
      box?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`pop overlay ${p.className}`}
      aria-label={p.label}
      onCancel={(event) => {
        event.preventDefault();
        p.onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) p.onClose();
      }}
    >
      {p.children}
    </dialog>
  );
};
