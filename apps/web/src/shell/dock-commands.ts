import type { DockviewApi } from 'dockview-react';
import { placeOf, roomOfTab, useTabs } from '../app/tabs.ts';

/** The dock that is on screen; the commands below act on the tab in front of it. */
let api: DockviewApi | null = null;

export const setDockApi = (dock: DockviewApi | null): void => {
  api = dock;
};

const idFor = (dock: DockviewApi, room: string): string => {
  for (let n = 2; ; n++) if (dock.getPanel(`${room}:${n}`) === undefined) return `${room}:${n}`;
};

/** Opens what the tab in front shows a second time, in a new group beside or below it. */
export const splitTab = (direction: 'right' | 'below'): void => {
  const front = api?.activePanel;
  if (!api || !front) return;
  const room = roomOfTab(front.id);
  if (room === null) return;
  const id = api.getPanel(room) === undefined ? room : idFor(api, room);
  useTabs.setState(({ places }) => ({ places: { ...places, [id]: placeOf(front.id) } }));
  api.addPanel({ id, component: 'room', title: room, position: { referencePanel: front.id, direction } });
};

/** Moves the tab in front into a group of its own to the right; alone in its group, it stays. */
export const moveTabRight = (): void => {
  const front = api?.activePanel;
  if (front && front.group.panels.length > 1) front.api.moveTo({ group: front.group, position: 'right' });
};

export const closeTab = (): void => api?.activePanel?.api.close();

/** Goes to the next (1) or previous (-1) tab of all, in the order of the screen. */
export const stepTab = (by: 1 | -1): void => {
  const panels = api?.groups.flatMap((group) => group.panels) ?? [];
  const at = panels.findIndex((panel) => panel === api?.activePanel);
  panels[(at + by + panels.length) % panels.length]?.api.setActive();
};

/** Fills the screen with the group in front, or gives it its place again. */
export const toggleMaximized = (): void => {
  if (!api?.activePanel) return;
  if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
  else api.maximizeGroup(api.activePanel);
};

/** One group with the tab in front alone: the way out of a layout gone wrong. */
export const resetLayout = (): void => {
  const front = api?.activePanel;
  if (!api || !front) return;
  if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
  for (const panel of [...api.panels]) if (panel !== front) api.removePanel(panel);
};
