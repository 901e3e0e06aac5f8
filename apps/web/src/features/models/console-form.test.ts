import { expect, test } from 'vitest';
import { askOf, type ConsoleForm, emptyForm, isWhole } from './console-form.ts';

const form = (change: Partial<ConsoleForm> = {}): ConsoleForm => ({
  ...emptyForm(true),
  text: 'And 3?',
  ...change,
});

test('a message stands behind the system text and what was said before', () => {
  const turns = [
    { role: 'user' as const, content: 'Is 2 even?' },
    { role: 'assistant' as const, content: 'Yes.' },
  ];
  const { prompt } = askOf(form({ system: 'Be short.' }), turns);
  expect(prompt).toEqual({
    kind: 'chat',
    messages: [{ role: 'system', content: 'Be short.' }, ...turns, { role: 'user', content: 'And 3?' }],
  });
  expect(askOf(form({ system: ' ', mode: 'text' }), turns).prompt).toEqual({ kind: 'text', text: 'And 3?' });
});

test('stop texts are lines; a line break in one is written as \\n', () => {
  expect(askOf(form({ stop: 'Q:\n\n\\n\\n' }), []).stop).toEqual(['Q:', '\n\n']);
});

test('what is no number, or out of its bounds, cannot be asked; to read takes none', () => {
  const numbers = { ...form().numbers, topP: '1.5' };
  expect(isWhole(form())).toBe(true);
  expect(isWhole(form({ text: ' ' }))).toBe(false);
  expect(isWhole(form({ numbers }))).toBe(false);
  expect(isWhole(form({ numbers, mode: 'read' }))).toBe(true);
});
