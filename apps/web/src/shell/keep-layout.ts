import type { DockviewApi, SerializedDockview } from 'dockview-react';
import { attachDock, placeOf, roomOfTab, tabActivated, tabClosed, useTabs } from '../app/tabs.ts';
import { setDockApi } from './dock-commands.ts';
import { forgetLayout, readLayout, type StoredLayout, writeLayout } from './layout-storage.ts';
import { focusRoom } from './room-panel.tsx';

const SAVE_AFTER_MS = 300;

const save = (dock: DockviewApi, home: string): void => {
  if (dock.panels.length === 0) return forgetLayout(localStorage, home);
  writeLayout(localStorage, home, {
    grid: dock.toJSON() as unknown as StoredLayout['grid'],
    places: Object.fromEntries(dock.panels.map(({ id }) => [id, placeOf(id)])),
    front: dock.activePanel?.id ?? null,
  });
};

const restore = (dock: DockviewApi, home: string): Pick<StoredLayout, 'places' | 'front'> => {
  const stored = readLayout(localStorage, home);
  if (stored === null) return { places: {}, front: null };
  try {
    dock.fromJSON(stored.grid as unknown as SerializedDockview);
    return stored;
  } catch (error) {
    console.warn('The saved layout could not be restored:', error);
    dock.clear();
    return { places: {}, front: null };
  }
};

/** Restores a workspace's layout into the dock, connects the dock to navigation, and keeps the layout as it changes. */
export const keepLayout = (dock: DockviewApi, home: string): (() => void) => {
  setDockApi(dock);
  const detach = attachDock(
    {
      has: (id) => dock.getPanel(id) !== undefined,
      show: (id) => {
        const there = dock.getPanel(id);
        if (there) there.api.setActive();
        else dock.addPanel({ id, component: 'room', title: roomOfTab(id) ?? id });
        focusRoom(id);
      },
    },
    restore(dock, home),
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => save(dock, home), SAVE_AFTER_MS);
  };
  const now = (): void => {
    clearTimeout(timer);
    save(dock, home);
  };
  let pending = false;
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
  return () => {
    clearTimeout(timer);
    window.removeEventListener('pagehide', now);
    unsubscribe();
    for (const subscription of subscriptions) subscription.dispose();
    detach();
    setDockApi(null);
  };
};
