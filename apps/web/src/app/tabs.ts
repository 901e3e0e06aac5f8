import { create } from 'zustand';
import { ROOMS, type Room, roomInfo, roomOf } from './rooms.ts';

/**
 * Owns where each tab is (its URL) and which tab the browser's location belongs to.
 * Does not own which tabs exist and where they stand: that is the dock, which attaches itself.
 */
interface Tabs {
  active: string | null;
  /** Tab id to path and search: `samples` -> `/samples?q=outcome%3Awrong`. */
  places: Readonly<Record<string, string>>;
  /** Tab ids, the last active first. */
  recent: readonly string[];
}

export const useTabs = create<Tabs>()(() => ({ active: null, places: {}, recent: [] }));

/** What the dock does for navigation. */
export interface Dock {
  has(id: string): boolean;
  /** Brings a tab to the front, opening it when it is not there. */
  show(id: string): void;
}

let dock: Dock | null = null;

/** A tab is named for its room; further tabs of a room are numbered: `samples`, `samples:2`. */
export const roomOfTab = (id: string): Room | null => {
  const [room, n] = id.split(':');
  if (n !== undefined && !/^[1-9]\d{0,3}$/.test(n)) return null;
  return ROOMS.find((r) => r.id === room)?.id ?? null;
};

export const placeOf = (id: string): string => {
  const room = roomOfTab(id);
  return useTabs.getState().places[id] ?? (room === null ? '/' : roomInfo(room).path);
};

/** The tab of a room that was active last, else any that is open. */
export const tabOf = (room: Room): string | null =>
  useTabs.getState().recent.find((id) => roomOfTab(id) === room && dock?.has(id) !== false) ?? null;

const setPlace = (id: string, href: string): void =>
  useTabs.setState(({ places }) => (places[id] === href ? {} : { places: { ...places, [id]: href } }));

const makeActive = (id: string): void =>
  useTabs.setState(({ recent }) => ({ active: id, recent: [id, ...recent.filter((r) => r !== id)] }));

/** Brings a tab to the front as a step of the browser's history; `href` moves it there. */
export const showTab = (id: string, href: string = placeOf(id)): void => {
  setPlace(id, href);
  if (useTabs.getState().active !== id) {
    makeActive(id);
    history.pushState({ tab: id }, '', href);
  }
  dock?.show(id);
};

/** Opens a URL in a tab of its own; one that stands there already comes to the front. */
export const openTab = (href: string): void => {
  const room = roomOf(href);
  if (room === null) return;
  const { places } = useTabs.getState();
  const there = Object.keys(places).find((id) => places[id] === href && dock?.has(id) !== false);
  let id: string = there ?? room;
  for (let n = 2; there === undefined && dock?.has(id); n++) id = `${room}:${n}`;
  showTab(id, href);
};

/** Goes to a room as it was left. */
export const showRoom = (room: Room): void => showTab(tabOf(room) ?? room);

/**
 * Goes to a URL. Within the room of `from` (default: the active tab) that tab moves; another room's last tab comes to
 * the front. A tab that is not the active one moves without taking the browser's location.
 */
export const go = (
  to: string,
  options: { replace?: boolean | undefined; from?: string | null } = {},
): void => {
  const { active } = useTabs.getState();
  const from = options.from ?? active;
  const href = to.startsWith('?') && from !== null ? `${placeOf(from).split('?')[0]}${to}` : to;
  const room = roomOf(href);
  if (room === null) return;
  if (from === null || roomOfTab(from) !== room) return showTab(tabOf(room) ?? room, href);
  if (placeOf(from) === href) return;
  setPlace(from, href);
  if (from === active) history[options.replace ? 'replaceState' : 'pushState']({ tab: from }, '', href);
};

/** The dock says which tab came to the front; null when none is left. */
export const tabActivated = (id: string | null): void => {
  if (id === useTabs.getState().active) return;
  if (id === null) {
    useTabs.setState({ active: null });
    history.replaceState(null, '', '/');
    return;
  }
  makeActive(id);
  history.pushState({ tab: id }, '', placeOf(id));
};

/** The dock says that a tab was closed: opened again, it begins anew. */
export const tabClosed = (id: string): void =>
  useTabs.setState(({ places: { [id]: _gone, ...places }, recent }) => ({
    places,
    recent: recent.filter((r) => r !== id),
  }));

/** Follows the browser's own back and forward. A tab that was closed meanwhile opens again. */
const followHistory = (event: PopStateEvent): void => {
  const href = location.pathname + location.search;
  const room = roomOf(href);
  if (room === null) return;
  const named = (event.state as { tab?: unknown } | null)?.tab;
  const id = typeof named === 'string' && roomOfTab(named) === room ? named : (tabOf(room) ?? room);
  setPlace(id, href);
  makeActive(id);
  dock?.show(id);
};

/**
 * Connects a dock whose saved tabs stand at `places`. The address that the browser was opened with wins over them:
 * `front` is the tab that was in front when they were saved.
 */
export const attachDock = (
  attached: Dock,
  saved: { places: Readonly<Record<string, string>>; front: string | null },
): (() => void) => {
  dock = attached;
  const ids = Object.keys(saved.places);
  useTabs.setState({
    active: null,
    places: saved.places,
    recent: saved.front === null ? ids : [saved.front, ...ids.filter((id) => id !== saved.front)],
  });
  const asked = roomOf(location.pathname);
  const room = asked ?? roomOfTab(saved.front ?? '') ?? 'samples';
  const id = tabOf(room) ?? room;
  if (asked !== null) setPlace(id, location.pathname + location.search);
  makeActive(id);
  history.replaceState({ tab: id }, '', placeOf(id));
  dock.show(id);
  window.addEventListener('popstate', followHistory);
  return () => {
    window.removeEventListener('popstate', followHistory);
    dock = null;
  };
};
