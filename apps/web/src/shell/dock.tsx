import {
  type DockviewApi,
  DockviewReact,
  type DockviewReadyEvent,
  type DockviewTheme,
  type SerializedDockview,
} from 'dockview-react';
import 'dockview-react/dist/styles/dockview.css';
import { useCallback, useEffect, useRef } from 'react';
import { attachDock, placeOf, roomOfTab, tabActivated, tabClosed, useTabs } from '../app/tabs.ts';
import './dock.css';
import { setDockApi } from './dock-commands.ts';
import { DockEmpty } from './dock-empty.tsx';
import { forgetLayout, readLayout, type StoredLayout, writeLayout } from './layout-storage.ts';
import { focusRoom, RoomPanel } from './room-panel.tsx';
import { RoomTab } from './room-tab.tsx';
import { SplitButton } from './split-button.tsx';

const COMPONENTS = { room: RoomPanel };
const THEME: DockviewTheme = { name: 'flywheel', className: 'dock-theme' };
const SAVE_AFTER_MS = 300;

const save = (dock: DockviewApi, home: string): void => {
  if (dock.panels.length === 0) return forgetLayout(localStorage, home);
  const places = Object.fromEntries(dock.panels.map(({ id }) => [id, placeOf(id)]));
  writeLayout(localStorage, home, {
    grid: dock.toJSON() as unknown as StoredLayout['grid'],
    places,
    front: dock.activePanel?.id ?? null,
  });
};

const restore = (dock: DockviewApi, home: string) => {
  const stored = readLayout(localStorage, home);
  if (stored === null) return { places: {}, front: null };
  try {
    dock.fromJSON(stored.grid as unknown as SerializedDockview);
    return { places: stored.places, front: stored.front };
  } catch (error) {
    console.warn('The saved layout could not be restored:', error);
    dock.clear();
    return { places: {}, front: null };
  }
};

/** The tabs of the workbench, docked; their layout is kept per workspace (`home`). */
export const Dock = ({ home }: { home: string }) => {
  const detach = useRef<() => void>(undefined);
  const onReady = useCallback(
    ({ api: dock }: DockviewReadyEvent) => {
      setDockApi(dock);
      const saved = restore(dock, home);
      const unattached = attachDock(
        {
          has: (id) => dock.getPanel(id) !== undefined,
          show: (id) => {
            const there = dock.getPanel(id);
            if (there) there.api.setActive();
            else dock.addPanel({ id, component: 'room', title: roomOfTab(id) ?? id });
            focusRoom(id);
          },
        },
        saved,
      );
      let pending = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const later = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => save(dock, home), SAVE_AFTER_MS);
      };
      const now = (): void => {
        clearTimeout(timer);
        save(dock, home);
      };
      const subscriptions = [
        // A move removes and adds: only where it ends is a step of the history.
        dock.onDidActivePanelChange(() => {
          if (pending) return;
          pending = true;
          queueMicrotask(() => {
            pending = false;
            tabActivated(dock.activePanel?.id ?? null);
          });
        }),
        dock.onDidRemovePanel(({ id }) =>
          queueMicrotask(() => {
            if (dock.getPanel(id) === undefined) tabClosed(id);
          }),
        ),
        dock.onDidLayoutChange(later),
      ];
      const unsubscribe = useTabs.subscribe(later);
      window.addEventListener('pagehide', now);
      detach.current = () => {
        clearTimeout(timer);
        window.removeEventListener('pagehide', now);
        unsubscribe();
        for (const subscription of subscriptions) subscription.dispose();
        unattached();
        setDockApi(null);
      };
    },
    [home],
  );
  useEffect(() => () => detach.current?.(), []);
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
      onReady={onReady}
    />
  );
};
