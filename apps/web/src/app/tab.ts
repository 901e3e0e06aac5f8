import { createContext, useContext } from 'react';
import type { Room } from './rooms.ts';

export interface Tab {
  /** Unique among the open tabs; a room may be open twice. */
  id: string;
  room: Room;
  /** The tab that keys and the browser's location belong to; at most one is. */
  active: boolean;
  /** On screen. Tabs behind others stay mounted: let costly work of theirs rest while this is false. */
  visible: boolean;
}

/** Provided by the shell around each room; null outside of any tab (the frame itself). */
export const TabContext = createContext<Tab | null>(null);

export const useTab = (): Tab | null => useContext(TabContext);

/** The name of a landmark in a room that may stand on the page twice: `Facets`, in the tab `samples:2` `Facets 2`. */
export const useLandmark = (name: string): string => {
  const [, n] = useTab()?.id.split(':') ?? [];
  return n === undefined ? name : `${name} ${n}`;
};
