import { CATEGORIES, type Category } from '@flywheel/domain/category';
import { Kbd } from '@flywheel/ui/kbd.tsx';
import { useEffect, useRef, useState } from 'react';
import { useFlip } from './use-flip.ts';

export interface CategoryPopoverProps {
  step: number;
  value: Category | null;
  onChoose: (category: Category | null) => void;
  onClose: () => void;
}

const ROWS = 6;

/** Category of the first error: its letter or the arrows choose, Enter sets, Backspace clears, Esc leaves. */
export const CategoryPopover = ({ step, value, onChoose, onClose }: CategoryPopoverProps) => {
  const box = useRef<HTMLDivElement>(null);
  useFlip(box);
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      CATEGORIES.findIndex((c) => c.id === value),
    ),
  );
  useEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, ArrowRight: ROWS, ArrowLeft: -ROWS };
    const move = moves[event.key];
    event.stopPropagation();
    if (move !== undefined) {
      event.preventDefault();
      setAt((i) => (i + move + CATEGORIES.length) % CATEGORIES.length);
      return;
    }
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Backspace') onChoose(null);
    else if (event.key === 'Enter') onChoose(CATEGORIES[at]?.id ?? null);
    else {
      const chosen = CATEGORIES.find((c) => c.key === event.key);
      if (chosen === undefined) return;
      onChoose(chosen.id);
    }
    event.preventDefault();
  };

  return (
    <div
      ref={box}
      className="rv-pop rv-categories"
      role="listbox"
      tabIndex={0}
      aria-label="Category of the first error"
      aria-activedescendant={`category-${CATEGORIES[at]?.id}`}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onClose();
      }}
    >
      <div className="head" role="presentation">
        <span className="grow">Category of S{step}</span>
        <Kbd keys="Escape" />
      </div>
      <ul role="presentation">
        {CATEGORIES.map((c, i) => (
          <li
            key={c.id}
            id={`category-${c.id}`}
            role="option"
            aria-selected={i === at}
            className={i === at ? 'on' : undefined}
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(c.id);
            }}
          >
            <Kbd keys={c.key} />
            {c.label}
          </li>
        ))}
      </ul>
      <div className="foot" role="presentation">
        → letter or arrows choose, Enter sets, Backspace clears
      </div>
    </div>
  );
};
