/** The parts of a keyboard event that decide which binding it is. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/**
 * Whether a press is what a binding names: `n`, `?`, `Enter`, `mod+z`, `mod+shift+z`, `alt+ArrowUp`.
 * `mod` is Ctrl or Cmd. Shift counts only where it is named or the key is a word or modified: `?` needs none.
 */
export const matchesKey = (name: string, press: KeyPress): boolean => {
  const parts = name.split('+');
  const key = parts.pop() || '+';
  const modified = parts.includes('mod') || parts.includes('alt');
  if (parts.includes('mod') !== (press.ctrlKey || press.metaKey)) return false;
  if (parts.includes('alt') !== press.altKey) return false;
  if ((modified || key.length > 1) && parts.includes('shift') !== press.shiftKey) return false;
  return modified ? press.key.toLowerCase() === key.toLowerCase() : press.key === key;
};

/** In a text field every key types, save these. */
export const actsInField = (name: string): boolean => name === 'mod+Enter' || name === 'Escape';

/** Whether the event's target takes text. */
export const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches(
      'textarea, select, [role="textbox"], input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"], [type="range"])',
    ));

/** Whether the focused control acts on this key by itself: Enter and Space belong to it. */
export const ownsKey = (target: EventTarget | null, key: string): boolean =>
  (key === 'Enter' || key === ' ') &&
  target instanceof HTMLElement &&
  target.closest('button, a[href], summary, input, [role="button"], [role="option"], [role="tab"]') !== null;
