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

  const place = () => {
    if (!button.current || !panel.current) return;
    const at = button.current.getBoundingClientRect();
    const own = panel.current.getBoundingClientRect();
    const below = at.bottom + GAP + own.height <= window.innerHeight;
    panel.current.style.top = `${Math.max(GAP, below ? at.bottom + GAP : at.top - GAP - own.height)}px`;
    panel.current.style.left = `${Math.max(GAP, Math.min(at.left, window.innerWidth - own.width - GAP))}px`;
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
