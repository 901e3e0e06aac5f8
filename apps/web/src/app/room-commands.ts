import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import { useTab } from './tab.ts';

/** Something that the room in front can do now, offered by name in the palette. */
export interface RoomCommand {
  id: string;
  /** As a command: "Run the pinned traces". */
  label: string;
  /** The key that does the same. */
  keys?: string;
  run: () => void;
}

/** Commands of the active tab, in the order of registration. */
export const useCommands = create<{ sets: readonly (() => readonly RoomCommand[])[] }>()(() => ({
  sets: [],
}));

/** Offers commands while the caller's tab is the active one. The list may change with every render. */
export const useRoomCommands = (commands: readonly RoomCommand[]): void => {
  const active = useTab()?.active ?? true;
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    if (!active) return;
    const set = (): readonly RoomCommand[] => latest.current;
    useCommands.setState(({ sets }) => ({ sets: [...sets, set] }));
    return () => useCommands.setState(({ sets }) => ({ sets: sets.filter((s) => s !== set) }));
  }, [active]);
};
