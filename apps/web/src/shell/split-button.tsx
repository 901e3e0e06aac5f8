import type { IDockviewHeaderActionsProps } from 'dockview-react';
import { Columns2 } from 'lucide-react';
import { splitTab } from './dock-commands.ts';

/** Opens the tab in front of this group once more, beside it. */
export const SplitButton = ({ activePanel }: IDockviewHeaderActionsProps) => (
  <button
    type="button"
    className="ib"
    aria-label="Split right"
    title="Split right (mod+\)"
    onClick={() => {
      activePanel?.api.setActive();
      splitTab('right');
    }}
  >
    <Columns2 className="i i14" aria-hidden="true" />
  </button>
);
