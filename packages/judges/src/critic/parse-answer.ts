import { Validator } from '@cfworker/json-schema';
import { CATEGORIES, type Category } from '@flywheel/domain/category';
import type { ChatFinish } from '@flywheel/domain/chat';
import type { CriticBody } from '@flywheel/domain/critic';
import type { ParsedAnswer } from '@flywheel/domain/critique';
import { type FoundJson, findJson } from './find-json.ts';

type Failure = Extract<ParsedAnswer, { ok: false }>;
const failure = (reason: Failure['reason'], detail: string): Failure => ({ ok: false, reason, detail });

const validators = new WeakMap<CriticBody['schema'], Validator>();
const validatorOf = (schema: CriticBody['schema']): Validator => {
  let validator = validators.get(schema);
  if (!validator) {
    validator = new Validator(schema, '2020-12', true);
    validators.set(schema, validator);
  }
  return validator;
};

/**
 * Reads a verdict from a model's answer. Says "clean" only where an object of the answer says so in its `first_error`; what
 * cannot be read is a failure with its reason, never a verdict (rules J20 to J26).
 *
 * @param steps number of steps of the trace: a first error must be one of them
 */
export const parseAnswer = (
  text: string,
  finish: ChatFinish,
  schema: CriticBody['schema'],
  steps: number,
): ParsedAnswer => {
  if (finish === 'refusal') return failure('refusal', 'The model declined to answer.');
  if (text.trim() === '') return failure('empty', 'The answer is empty.');
  const candidates = findJson(text);
  if (candidates.length === 0) {
    if (finish === 'length')
      return failure('truncated', 'The answer was cut off at the limit of tokens, before its JSON ended.');
    return text.includes('{')
      ? failure('bad-json', 'The answer holds a brace, but no JSON object that can be read.')
      : failure('no-json', 'The answer holds no JSON object.');
  }
  // Earlier objects are drafts or quotations: only where the last says nothing of a verdict is one before it asked.
  const { value, found } = candidates.find((c) => saysVerdict(c.value)) ?? (candidates[0] as FoundJson);
  if (finish === 'length' && found !== 'whole')
    return failure(
      'truncated',
      'The answer was cut off at the limit of tokens, so its last object may be a draft.',
    );
  if (found !== 'whole' && opensAnother(text))
    return failure(
      'bad-json',
      'Behind the last JSON object that can be read another verdict begins, which cannot.',
    );
  const read = readObject(tidied(value), schema, steps);
  return read.ok ? { ...read, found } : read;
};

const saysVerdict = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'first_error' in value;

/** Whether the last `"first_error"` of a text stands in braces that are never closed, or in what is not JSON. */
const opensAnother = (text: string): boolean => {
  const last = text.lastIndexOf('"first_error"');
  if (last < 0) return false;
  const from = text.lastIndexOf('{', last);
  return from >= 0 && findJson(text.slice(from)).length === 0;
};

/** Words for a first error whose meaning is beyond doubt, as the schema has it: a step's name or number, or null. */
const tidied = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !('first_error' in value)) return value;
  const { first_error } = value;
  if (typeof first_error !== 'string') return value;
  const word = first_error.trim().toLowerCase();
  if (/^(null|none|clean)$/.test(word)) return { ...value, first_error: null };
  const step = /^\[?(?:s|step )?(\d{1,5})\]?$/.exec(word)?.[1];
  return step === undefined ? value : { ...value, first_error: Number(step) };
};

const readObject = (
  value: unknown,
  schema: CriticBody['schema'],
  steps: number,
): Omit<Extract<ParsedAnswer, { ok: true }>, 'found'> | Failure => {
  let result: ReturnType<Validator['validate']>;
  try {
    result = validatorOf(schema).validate(value);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return failure('wrong-schema', `The critic's schema cannot be used: ${said}`);
  }
  const { valid, errors } = result;
  if (!valid) {
    const last = errors.at(-1);
    const at = last?.instanceLocation.replace(/^#\/?/, '') || 'the object';
    return failure('wrong-schema', `${at}: ${last?.error ?? 'not as the schema says'}`);
  }
  const object = value as Record<string, unknown>;
  const first = object.first_error;
  if (first === undefined) return failure('wrong-schema', 'first_error is missing.');
  if (first !== null && (typeof first !== 'number' || !Number.isInteger(first)))
    return failure('wrong-schema', 'first_error is neither a step nor null.');
  if (first !== null && (first < 0 || first >= steps))
    return failure('step-out-of-range', `first_error is ${first}, but the steps are S0 to S${steps - 1}.`);
  const rationale = typeof object.rationale === 'string' ? object.rationale : '';
  const confidence = object.confidence;
  return {
    ok: true,
    firstError: first,
    category: first === null ? null : categoryOf(object.category),
    confidence: typeof confidence === 'number' && confidence >= 0 && confidence <= 1 ? confidence : null,
    rationale,
    citations: citationsOf(rationale, steps),
  };
};

/** By id or label; null where the answer names none of ours. */
const categoryOf = (value: unknown): Category | null => {
  if (typeof value !== 'string') return null;
  const word = value.trim().toLowerCase();
  return CATEGORIES.find((c) => c.id === word || c.label === word)?.id ?? null;
};

const citationsOf = (rationale: string, steps: number): number[] => {
  const cited = [...rationale.matchAll(/\[S(\d{1,5})\]/g)].map((m) => Number(m[1]));
  return [...new Set(cited)].filter((step) => step < steps);
};
