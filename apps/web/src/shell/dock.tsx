import { type DockviewApi, DockviewReact, type DockviewTheme } from 'dockview-react';
import 'dockview-react/dist/styles/dockview.css';
import { useEffect, useState } from 'react';
import './dock.css';
import { DockEmpty } from './dock-empty.tsx';
import { keepLayout } from './keep-layout.ts';
import { RoomPanel } from './room-panel.tsx';
import { RoomTab } from './room-tab.tsx';
import { SplitButton } from './split-button.tsx';

const COMPONENTS = { room: RoomPanel };
const THEME: DockviewTheme = { name: 'flywheel', className: 'dock-theme' };

/** The tabs of the workbench, docked; their layout is kept per workspace (`home`). */
export const Dock = ({ home }: { home: string }) => {
  // The dock reports itself once, effects may run twice: so it is connected in an effect of its own.
  const [dock, setDock] = useState<DockviewApi | null>(null);
  useEffect(() => (dock === null ? undefined : keepLayout(dock, home)), [dock, home]);
  return (
    <DockviewReact
      components={COMPONENTS}
      defaultTabComponent={RoomTab}
      rightHeaderActionsComponent={SplitButton}
      watermarkComponent={DockEmpty}
      theme={THEME}
      // Attached though hidden, so that a list keeps its scroll position while another tab is in front.
      defaultRenderer="always"
      disableFloatingGroups
      scrollbars="native"
      onReady={({ api }) => setDock(api)}
    />
  );
};
