import type { JsonValue } from '@flywheel/domain/trace';
import type { FieldsMapping } from './mapping.ts';

type Split = FieldsMapping['steps']['split'];

const filled = (parts: string[]): string[] => parts.filter((p) => p.trim() !== '');

/**
 * Splits a model's text into steps. Every character that is not a separator is kept as it is.
 *
 * @returns null when the value cannot be split this way (`array` of something that is not one)
 * @example splitSteps('Step 1: a\nStep 2: b', 'numbered') // ['Step 1: a', 'Step 2: b']
 */
export const splitSteps = (value: JsonValue | undefined, split: Split): string[] | null => {
  if (split === 'array') {
    if (!Array.isArray(value)) return null;
    return value.map((s) => (typeof s === 'string' ? s : JSON.stringify(s)));
  }
  if (typeof value !== 'string') return null;
  switch (split) {
    case 'lines':
      return filled(value.split(/\r?\n/));
    case 'blank-lines':
      return filled(value.split(/\r?\n(?:[ \t]*\r?\n)+/));
    case 'numbered':
      return filled(value.split(/(?<=^|\n)(?=[ \t]*(?:\*\*)?(?:Step\s+)?\d{1,3}[:.)])/i)).map((s) =>
        s.replace(/\r?\n$/, ''),
      );
    case 'sentences':
      return filled(value.split(/(?<=[.!?])\s+(?=\p{Lu}|\$|\d)/u));
    case 'none':
      return [value];
  }
};
