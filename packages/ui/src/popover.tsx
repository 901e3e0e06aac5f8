import { type ReactNode, useEffect, useId, useRef } from 'react';

export interface PopoverProps {
  /** The button's face. */
  trigger: ReactNode;
  /** The button's name where its face is an icon. */
  label?: string;
  title?: string;
  className?: string;
  /** What the panel is to assistive technology; a menu's items take the arrow keys. */
  role?: 'dialog' | 'menu';
  children: (close: () => void) => ReactNode;
}

const ITEM = '[role^="menuitem"]:not([aria-disabled="true"])';

/** A button and the panel that it opens. Esc, a click elsewhere or a choice closes it; focus goes back to the button. */
export const Popover = (p: PopoverProps) => {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => panel.current?.hidePopover();
  useEffect(() => {
    const box = panel.current;
    const toggled = (event: Event): void => {
      const { newState } = event as ToggleEvent;
      button.current?.setAttribute('aria-expanded', String(newState === 'open'));
      if (newState !== 'open' || !box || !button.current) return;
      place(box, button.current);
      (
        box.querySelector<HTMLElement>(`[aria-checked="true"], ${ITEM}, input, button, a[href]`) ?? box
      ).focus();
    };
    box?.addEventListener('toggle', toggled);
    return () => box?.removeEventListener('toggle', toggled);
  }, []);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={p.className ?? 'ib'}
        aria-label={p.label}
        aria-haspopup={p.role ?? 'dialog'}
        aria-expanded={false}
        title={p.title}
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
        onKeyDown={(event) => {
          if (p.role === 'menu') moveInMenu(event);
        }}
      >
        {p.children(close)}
      </div>
    </>
  );
};

/** Below the button where there is room, else above it; never off the screen. */
const place = (box: HTMLElement, at: HTMLElement): void => {
  const anchor = at.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = anchor.bottom + 4 + size.height <= innerHeight;
  box.style.top = `${below ? anchor.bottom + 4 : Math.max(4, anchor.top - 4 - size.height)}px`;
  box.style.left = `${Math.max(4, Math.min(anchor.left, innerWidth - size.width - 4))}px`;
};

const moveInMenu = (event: React.KeyboardEvent<HTMLElement>): void => {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEM)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
};
