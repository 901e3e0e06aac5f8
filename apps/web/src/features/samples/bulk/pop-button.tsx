import { type ReactNode, useId, useRef, useState } from 'react';

interface PopButtonProps {
  label: ReactNode;
  /** Name of the button and of what it opens. */
  name: string;
  className?: string;
  disabled?: boolean;
  /** `close` closes it and gives the focus back. */
  children: (close: () => void) => ReactNode;
}

const GAP = 4;

/** A button that opens a small panel beside itself: the platform's popover, so Esc and a click elsewhere close it. */
export const PopButton = ({ label, name, className = 'btn', disabled, children }: PopButtonProps) => {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  /** Below the button, or above it where it stands in the lower half; what arrives later grows away from it. */
  const place = () => {
    if (!button.current || !panel.current) return;
    const at = button.current.getBoundingClientRect();
    const { style, offsetWidth } = panel.current;
    const above = at.top > window.innerHeight / 2;
    style.top = above ? 'auto' : `${at.bottom + GAP}px`;
    style.bottom = above ? `${window.innerHeight - at.top + GAP}px` : 'auto';
    style.left = `${Math.max(GAP, Math.min(at.left, window.innerWidth - offsetWidth - GAP))}px`;
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        disabled={disabled}
        aria-haspopup="dialog"
        aria-expanded={open}
        popoverTarget={id}
      >
        {label}
      </button>
      <div
        ref={(el) => {
          panel.current = el;
          if (el && open) place();
        }}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={name}
        className="pop pop-panel"
        onToggle={(e) => {
          setOpen(e.newState === 'open');
          if (e.newState === 'open') requestAnimationFrame(place);
        }}
      >
        {open && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
};
