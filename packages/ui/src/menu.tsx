import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Kbd } from './kbd.tsx';
import { Popover } from './popover.tsx';

export interface MenuItem {
  label: string;
  onSelect: () => void;
  /** Set for items of which one is chosen. */
  checked?: boolean;
  keys?: string;
}

/** A button that opens a list of acts or of choices. */
export const Menu = (p: {
  trigger: ReactNode;
  label: string;
  title?: string;
  className?: string;
  items: readonly MenuItem[];
}) => (
  <Popover
    trigger={p.trigger}
    label={p.label}
    role="menu"
    {...(p.title !== undefined && { title: p.title })}
    {...(p.className !== undefined && { className: p.className })}
  >
    {(close) =>
      p.items.map((item) => (
        <button
          key={item.label}
          type="button"
          className="menu-item"
          tabIndex={-1}
          role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={item.checked}
          onClick={() => {
            close();
            item.onSelect();
          }}
        >
          <span className="menu-check" aria-hidden="true">
            {item.checked && <Check className="i i12" />}
          </span>
          <span className="grow">{item.label}</span>
          {item.keys !== undefined && <Kbd keys={item.keys} />}
        </button>
      ))
    }
  </Popover>
);
