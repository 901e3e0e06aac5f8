import { describe, expect, it } from 'vitest';
import { actsInField, type KeyPress, matchesKey } from './key-match.ts';

const press = (key: string, mods: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...mods,
});

describe('keys by name', () => {
  it('takes a plain key only without modifiers, whatever Shift it needed', () => {
    expect(matchesKey('n', press('n'))).toBe(true);
    expect(matchesKey('n', press('n', { ctrlKey: true }))).toBe(false);
    expect(matchesKey('n', press('n', { altKey: true }))).toBe(false);
    expect(matchesKey('?', press('?', { shiftKey: true }))).toBe(true);
    expect(matchesKey('n', press('N', { shiftKey: true }))).toBe(false);
    expect(matchesKey('+', press('+', { shiftKey: true }))).toBe(true);
  });

  it('takes Ctrl or Cmd for mod, and keeps mod+z from mod+shift+z', () => {
    expect(matchesKey('mod+z', press('z', { metaKey: true }))).toBe(true);
    expect(matchesKey('mod+z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(matchesKey('mod+shift+z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(matchesKey('ArrowDown', press('ArrowDown', { shiftKey: true }))).toBe(false);
  });

  it('lets only mod+Enter and Escape act in a text field', () => {
    expect(['n', 'Enter', 'mod+Enter', 'Escape', 'mod+z'].filter(actsInField)).toEqual([
      'mod+Enter',
      'Escape',
    ]);
  });
});
