import type { JsonValue } from '@flywheel/domain/trace';
import { messagesOf } from './chat.ts';
import { at, isRecord, type JsonRecord } from './fields.ts';
import { mappingFromNames } from './guess-fields.ts';
import type { Mapping } from './mapping.ts';
import { PRESETS, type PresetName } from './presets.ts';

export interface Guess {
  /** The preset that fits, or null when the mapping was put together from field names. */
  preset: PresetName | null;
  mapping: Mapping | null;
  why: string;
}

const presetOf = (r: JsonRecord): [PresetName, string] | null => {
  if (Object.hasOwn(r, 'mistake_index') && Object.hasOwn(r, 'input') && Array.isArray(r.steps))
    return ['big-bench-mistake', '`steps` and `mistake_index`'];
  if (typeof r.label === 'number' && Array.isArray(r.steps) && Object.hasOwn(r, 'problem'))
    return ['processbench', '`problem`, `steps` and `label`'];
  if (Array.isArray(at(r, 'label.steps')) && Object.hasOwn(r, 'question'))
    return ['prm800k', '`question` and `label.steps`'];
  if (
    Object.hasOwn(r, 'question') &&
    Object.values(r).some((v) => isRecord(v) && typeof v.solution === 'string')
  )
    return ['gsm8k-solutions', 'fields with a `solution`'];
  if (messagesOf(r.messages)) return ['chat-messages', '`messages`'];
  return messagesOf(r.conversations) ? ['chat-messages', '`conversations`'] : null;
};

/** Which preset or mapping fits, from the first records of a file. */
export const guess = (records: readonly JsonValue[]): Guess => {
  const objects = records.filter(isRecord);
  const [first] = objects;
  if (!first) return { preset: null, mapping: null, why: 'no record is a JSON object' };
  const preset = presetOf(first);
  if (preset) return { preset: preset[0], mapping: PRESETS[preset[0]], why: `it has ${preset[1]}` };
  const mapping = mappingFromNames(objects);
  return mapping
    ? { preset: null, mapping, why: 'put together from the names of its fields' }
    : {
        preset: null,
        mapping: null,
        why: `no field looks like a prompt with a response (fields: ${Object.keys(first).slice(0, 12).join(', ')})`,
      };
};
