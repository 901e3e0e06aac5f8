import type { JsonValue } from '@flywheel/domain/trace';
import { messagesOf } from './chat.ts';
import { asText, at, isRecord } from './fields.ts';
import type { FieldsMapping } from './mapping.ts';

type Split = FieldsMapping['steps']['split'];

const filled = (parts: string[]): string[] => parts.filter((p) => p.trim() !== '');

/** `Step 3:`, `**Step 3**`, `### Step 3`, `3. ` or `3) ` at the beginning of a line. */
const NUMBERED = /(?<=^|\n)(?=[ \t]*(?:#{1,6}[ \t]+)?(?:\*\*)?(?:Step[ \t]+\d{1,3}\b|\d{1,3}[:.)](?=\s)))/i;

/** Elements as text: of objects the text at `path`, else what they are in JSON. */
const elements = (value: JsonValue[], path: string | undefined): string[] =>
  value.map((s) => {
    const text = path !== undefined && isRecord(s) ? at(s, path) : s;
    return asText(text === undefined || text === null ? s : text) ?? 'null';
  });

const parsedArray = (text: string): JsonValue[] | null => {
  try {
    const value: unknown = text.trimStart().startsWith('[') ? JSON.parse(text) : null;
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
};

/** The text that the model wrote: a string, or the messages of a conversational dataset. */
const writtenText = (value: JsonValue | undefined): string | null => {
  if (typeof value === 'string') return value;
  const messages = messagesOf(value);
  return messages ? messages.map((m) => m.text).join('\n\n') : null;
};

/**
 * Splits a model's text into steps. Every character that is not a separator is kept as it is. An array may stand as JSON in a
 * text, as tables have it.
 *
 * @param text for arrays of objects: the path of the text within them
 * @returns null when the value cannot be split this way (`array` of something that is not one)
 * @example splitSteps('Step 1: a\nStep 2: b', 'numbered') // ['Step 1: a', 'Step 2: b']
 */
export const splitSteps = (value: JsonValue | undefined, split: Split, text?: string): string[] | null => {
  if (split === 'array') {
    const array = Array.isArray(value) ? value : typeof value === 'string' ? parsedArray(value) : null;
    return array && elements(array, text);
  }
  const written = writtenText(value);
  if (written === null) return null;
  switch (split) {
    case 'lines':
      return filled(written.split(/\r?\n/));
    case 'blank-lines':
      return filled(written.split(/\r?\n(?:[ \t]*\r?\n)+/));
    case 'numbered':
      return filled(written.split(NUMBERED)).map((s) => s.replace(/(?:\r?\n)+$/, ''));
    case 'sentences':
      return filled(written.split(/(?<=[.!?])\s+(?=\p{Lu}|\$|\d)/u));
    case 'none':
      return filled([written]);
  }
};
