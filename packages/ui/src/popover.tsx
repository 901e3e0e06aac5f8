import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface PopoverProps {
  /** The button's face. */
  trigger: ReactNode;
  /** The button's name where its face is an icon. */
  label?: string;
  title?: string;
  className?: string;
  disabled?: boolean;
  /** What the panel is to assistive technology; a menu's items take the arrow keys. */
  role?: 'dialog' | 'menu';
  /** Rendered while the panel is open. */
  children: (close: () => void) => ReactNode;
}

const ITEM = '[role^="menuitem"]:not([aria-disabled="true"])';
const GAP = 4;

/** A button and the panel that it opens. Esc, a click elsewhere or a choice closes it; focus goes back to the button. */
export const Popover = (p: PopoverProps) => {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = (): void => panel.current?.hidePopover();
  useEffect(() => {
    const box = panel.current;
    if (!open || !box || !button.current) return;
    place(box, button.current);
    (box.querySelector<HTMLElement>(`[aria-checked="true"], ${ITEM}, input, button, a[href]`) ?? box).focus();
  }, [open]);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={p.className ?? 'ib'}
        aria-label={p.label}
        aria-haspopup={p.role ?? 'dialog'}
        aria-expanded={open}
        title={p.title}
        disabled={p.disabled}
        popoverTarget={id}
      >
        {p.trigger}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="pop popover"
        role={p.role ?? 'dialog'}
        aria-label={p.label ?? p.title}
        tabIndex={-1}
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={(event) => {
          if (p.role === 'menu') moveInMenu(event);
        }}
      >
        {open && p.children(close)}
      </div>
    </>
  );
};

/**
 * Below the button, or above it where the button stands in the lower half; never off the screen.
 * The edge at the button is what is fixed: content that arrives later grows away from it.
 */
const place = (box: HTMLElement, at: HTMLElement): void => {
  const anchor = at.getBoundingClientRect();
  const above = anchor.top > innerHeight / 2;
  box.style.top = above ? 'auto' : `${anchor.bottom + GAP}px`;
  box.style.bottom = above ? `${innerHeight - anchor.top + GAP}px` : 'auto';
  box.style.left = `${Math.max(GAP, Math.min(anchor.left, innerWidth - box.offsetWidth - GAP))}px`;
};

const moveInMenu = (event: React.KeyboardEvent<HTMLElement>): void => {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEM)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
};
