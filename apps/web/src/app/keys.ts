import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import { actsInField, isTextField, matchesKey, ownsKey } from './key-match.ts';
import type { Room } from './rooms.ts';
import { useTab } from './tab.ts';

/** One key of a room. See {@link matchesKey} for how keys are named. */
export interface KeyBinding {
  key: string;
  /** What it does, for the key sheet: "next trace". */
  label: string;
  run: (event: KeyboardEvent) => void;
  /** Whether holding the key down repeats it, as moving through a list does. */
  repeats?: boolean;
}

/** A line of the key sheet. */
export interface KeyLine {
  keys: readonly string[];
  label: string;
}

interface Registered {
  room: Room;
  bindings: () => readonly KeyBinding[];
  /** Lines of the sheet whose keys the room handles by itself. */
  lines: () => readonly KeyLine[];
}

/** The newest first: a popover's keys go before those of the page below it. */
const useRegistry = create<{ registered: readonly Registered[] }>()(() => ({ registered: [] }));

const register = (entry: Registered): (() => void) => {
  useRegistry.setState(({ registered }) => ({ registered: [entry, ...registered] }));
  return () =>
    useRegistry.setState(({ registered }) => ({ registered: registered.filter((r) => r !== entry) }));
};

const NONE: readonly never[] = [];

/** Registers while the caller's tab is the active one. The newest `values` are read when a key is pressed. */
const useRegistered = (room: Room, bindings: readonly KeyBinding[], lines: readonly KeyLine[]): void => {
  const active = useTab()?.active ?? true;
  const latest = useRef({ bindings, lines });
  useEffect(() => {
    latest.current = { bindings, lines };
  });
  useEffect(
    () =>
      active
        ? register({ room, bindings: () => latest.current.bindings, lines: () => latest.current.lines })
        : undefined,
    [room, active],
  );
};

/**
 * Keys of a room: they act while its tab is the active one and no text field has focus
 * (`mod+Enter` and `Escape` act there too), and stand on the key sheet. The list may change with every render.
 *
 *     useKeys('samples', [{ key: 'n', label: 'next trace', run: next, repeats: true }]);
 */
export const useKeys = (room: Room, bindings: readonly KeyBinding[]): void =>
  useRegistered(room, bindings, NONE);

/** Lists keys on the sheet that the room handles with a listener of its own. */
export const useKeyLines = (room: Room, lines: readonly KeyLine[]): void => useRegistered(room, NONE, lines);

/** What the key sheet says of the active tab, in the order of registration. */
export const useKeySheet = (): { room: Room; lines: readonly KeyLine[] }[] => {
  const registered = useRegistry((s) => s.registered);
  const byRoom = new Map<Room, KeyLine[]>();
  for (const entry of registered.toReversed()) {
    const lines = byRoom.get(entry.room) ?? [];
    byRoom.set(entry.room, lines);
    lines.push(...entry.lines(), ...entry.bindings().map((b) => ({ keys: [b.key], label: b.label })));
  }
  return [...byRoom].map(([room, lines]) => ({ room, lines }));
};

/** Gives a press to the active room; true when one of its bindings took it. */
const pressRoomKey = (event: KeyboardEvent): boolean => {
  const field = isTextField(event.target);
  for (const entry of useRegistry.getState().registered) {
    for (const binding of entry.bindings()) {
      if (!matchesKey(binding.key, event)) continue;
      if (field && !actsInField(binding.key)) continue;
      if (!field && ownsKey(event.target, event.key)) continue;
      if (event.repeat && !binding.repeats) return false;
      event.preventDefault();
      binding.run(event);
      return true;
    }
  }
  return false;
};

/** Dialogs and menus hold focus and keep their keys to themselves. */
export const isOverlay = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('dialog, [role="dialog"], [role="menu"]') !== null;

/**
 * Listens for the frame's keys, then the rooms'. Called once, before the first render, so that it hears a press before
 * a room's own listener does; what it takes, it marks with `preventDefault`.
 */
export const listenForKeys = (pressFrameKey: (event: KeyboardEvent) => boolean): void =>
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || isOverlay(event.target)) return;
    if (!pressFrameKey(event)) pressRoomKey(event);
  });
