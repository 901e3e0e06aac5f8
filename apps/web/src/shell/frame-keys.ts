import { create } from 'zustand';
import { isTextField } from '../app/key-match.ts';
import type { KeyLine } from '../app/keys.ts';
import { ROOMS } from '../app/rooms.ts';
import { showRoom } from '../app/tabs.ts';
import { closeTab, splitTab, stepTab } from './dock-commands.ts';

/** What lies over the workbench, and whether `g` waits for its letter. */
interface Frame {
  overlay: 'palette' | 'keys' | null;
  going: boolean;
}

export const useFrame = create<Frame>()(() => ({ overlay: null, going: false }));

export const setOverlay = (overlay: Frame['overlay']): void => useFrame.setState({ overlay });

const GO_MS = 1_500;
let goTimer: ReturnType<typeof setTimeout> | undefined;

const setGoing = (going: boolean): void => {
  clearTimeout(goTimer);
  useFrame.setState({ going });
  if (going) goTimer = setTimeout(() => setGoing(false), GO_MS);
};

/** The keys that act wherever one is, for the sheet. */
export const FRAME_LINES: readonly KeyLine[] = [
  { keys: ['mod+k'], label: 'command palette' },
  { keys: ['?'], label: 'this sheet' },
  ...ROOMS.map(({ letter, title }) => ({ keys: ['g', letter], label: `go to ${title}` })),
  { keys: ['mod+\\'], label: 'split right' },
  { keys: ['alt+]'], label: 'next tab' },
  { keys: ['alt+['], label: 'previous tab' },
  { keys: ['alt+w'], label: 'close tab' },
];

/** `g` and the letter after it, and `?`; true when the press was one of them. */
export const pressFrameKey = (event: KeyboardEvent): boolean => {
  const taken = frameKey(event);
  if (taken) event.preventDefault();
  return taken;
};

const frameKey = (event: KeyboardEvent): boolean => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target)) return false;
  if (useFrame.getState().going) {
    if (event.key === 'Shift') return false;
    setGoing(false);
    const room = ROOMS.find(({ letter }) => letter === event.key);
    if (room) showRoom(room.id);
    // Any key ends the wait and is not taken for something else.
    return true;
  }
  if (event.key === 'g') {
    setGoing(true);
    return true;
  }
  if (event.key === '?') {
    setOverlay('keys');
    return true;
  }
  return false;
};

const MODIFIED: Readonly<Record<string, () => void>> = {
  'mod k': () => setOverlay(useFrame.getState().overlay === 'palette' ? null : 'palette'),
  'mod Backslash': () => splitTab('right'),
  'alt BracketRight': () => stepTab(1),
  'alt BracketLeft': () => stepTab(-1),
  'alt KeyW': closeTab,
};

/**
 * Keys with a modifier act also from text fields, where they write nothing: else the browser would take `mod+k`.
 * On the capturing side, before an editor sees them.
 */
export const listenForModifiedKeys = (): void =>
  window.addEventListener(
    'keydown',
    (event) => {
      const mod = event.ctrlKey || event.metaKey;
      if (event.shiftKey || event.repeat || mod === event.altKey) return;
      const act = mod
        ? (MODIFIED[`mod ${event.key.toLowerCase()}`] ?? MODIFIED[`mod ${event.code}`])
        : MODIFIED[`alt ${event.code}`];
      if (act === undefined || (useFrame.getState().overlay !== null && event.key !== 'k')) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
    true,
  );
