import type { JsonValue } from '@flywheel/domain/trace';
import { at, isRecord, type JsonRecord } from './fields.ts';
import { Mapping } from './mapping.ts';
import { PRESETS, type PresetName } from './presets.ts';

export interface Guess {
  /** The preset that fits, or null when the mapping was put together from field names. */
  preset: PresetName | null;
  mapping: Mapping | null;
  why: string;
}

const NAMES = {
  prompt: ['prompt', 'question', 'problem', 'input', 'query', 'instruction'],
  steps: [
    'steps',
    'solution',
    'response',
    'output',
    'completion',
    'generation',
    'reasoning',
    'rationale',
    'model_output',
    'text',
  ],
  answer: ['answer', 'prediction', 'final_answer', 'predicted', 'model_answer'],
  reference: ['reference', 'target', 'ground_truth', 'gold', 'expected', 'reference_answer', 'label_answer'],
  model: ['model', 'model_name', 'generator', 'engine'],
  task: ['task', 'dataset', 'benchmark', 'subset'],
  given: ['is_correct', 'correct', 'final_answer_correct', 'passed'],
  firstError: ['first_error', 'mistake_index', 'first_error_step', 'error_step'],
} as const;

const named = (r: JsonRecord, names: readonly string[]): string | null =>
  names.find((n) => Object.hasOwn(r, n) && r[n] !== null) ?? null;

const splitOf = (value: JsonValue | undefined): 'array' | 'lines' | 'blank-lines' | 'numbered' => {
  if (Array.isArray(value)) return 'array';
  const text = String(value);
  if (/(^|\n)\s*(\*\*)?Step\s+\d+[:.)]/i.test(text)) return 'numbered';
  return /\n[ \t]*\n/.test(text) ? 'blank-lines' : 'lines';
};

/** Puts a mapping together from a record of unknown make; null when it has no prompt or no text. */
const fromNames = (r: JsonRecord): Mapping | null => {
  const prompt = named(r, NAMES.prompt);
  const steps = named(
    r,
    NAMES.steps.filter((n) => n !== prompt),
  );
  if (!prompt || !steps) return null;
  const model = named(r, NAMES.model);
  const task = named(r, NAMES.task);
  const firstError = NAMES.firstError.find((n) => Object.hasOwn(r, n));
  return Mapping.parse({
    reader: 'fields',
    prompt,
    steps: { path: steps, split: splitOf(r[steps]) },
    task: { path: task ?? '$file' },
    model: model ? { path: model } : { constant: 'unknown' },
    source: 'generic',
    reference: named(r, NAMES.reference),
    answer: named(r, NAMES.answer),
    given: named(r, NAMES.given),
    firstError: firstError ? { path: firstError } : null,
  });
};

const presetOf = (r: JsonRecord): [PresetName, string] | null => {
  if (Object.hasOwn(r, 'mistake_index') && Array.isArray(r.steps))
    return ['big-bench-mistake', '`steps` and `mistake_index`'];
  if (Object.hasOwn(r, 'label') && Array.isArray(r.steps) && Object.hasOwn(r, 'problem'))
    return ['processbench', '`problem`, `steps` and `label`'];
  if (Array.isArray(at(r, 'label.steps')) && Object.hasOwn(r, 'question'))
    return ['prm800k', '`question` and `label.steps`'];
  if (Object.values(r).some((v) => isRecord(v) && typeof v.solution === 'string'))
    return ['gsm8k-solutions', 'fields with a `solution`'];
  return Array.isArray(r.messages) ? ['chat-messages', '`messages`'] : null;
};

/** Which preset or mapping fits, from the first records of a file. */
export const guess = (records: readonly JsonValue[]): Guess => {
  const first = records.find(isRecord);
  if (!first) return { preset: null, mapping: null, why: 'no record is a JSON object' };
  const preset = presetOf(first);
  if (preset) return { preset: preset[0], mapping: PRESETS[preset[0]], why: `it has ${preset[1]}` };
  const mapping = fromNames(first);
  return mapping
    ? { preset: null, mapping, why: 'put together from the names of its fields' }
    : {
        preset: null,
        mapping: null,
        why: `no field looks like a prompt with a response (fields: ${Object.keys(first).slice(0, 12).join(', ')})`,
      };
};
