import type { JsonValue } from '@flywheel/domain/trace';
import { messagesOf, textOrMessages } from './chat.ts';
import { RecordError } from './draft.ts';
import { asText, isRecord, type JsonRecord } from './fields.ts';
import { type AnswerPlace, findAnswer } from './find-answer.ts';
import { givenOf, labelOf } from './gold.ts';
import { mapRecord } from './map-record.ts';
import { type FieldsMapping, Mapping } from './mapping.ts';

/** Names by which fields are known, the most telling first. */
const NAMES = {
  prompt: ['prompt', 'question', 'problem', 'instruction', 'query', 'input', 'task_input', 'user'],
  steps: [
    'steps',
    'completions',
    'model_steps',
    'response',
    'completion',
    'model_output',
    'model_response',
    'generated_text',
    'generation',
    'output',
    'prediction_text',
    'model_solution',
    'solution',
    'reasoning',
    'rationale',
    'chain_of_thought',
    'cot',
    'assistant',
    'chosen',
    'text',
    'answer',
  ],
  answer: [
    'final_answer',
    'prediction',
    'predicted',
    'model_answer',
    'predicted_answer',
    'extracted_answer',
    'pred',
  ],
  reference: [
    'reference',
    'reference_answer',
    'ground_truth',
    'ground_truth_answer',
    'gold',
    'gold_answer',
    'target',
    'expected',
    'expected_answer',
    'correct_answer',
    'label_answer',
  ],
  model: ['model', 'model_name', 'model_id', 'generator', 'engine'],
  task: ['task', 'dataset', 'benchmark', 'subset', 'task_name'],
  given: [
    'is_correct',
    'correct',
    'final_answer_correct',
    'passed',
    'correctness',
    'is_right',
    'outcome',
    'label',
  ],
  firstError: [
    'first_error',
    'first_error_step',
    'mistake_index',
    'error_step',
    'error_steps',
    'error_index',
  ],
  labels: ['step_labels', 'labels', 'step_ratings', 'ratings', 'step_correct'],
} as const;

const STEP_TEXT = ['text', 'content', 'step', 'value'];
const PLACES: readonly AnswerPlace[] = ['hashes', 'boxed', 'answer-line', 'the-answer-is'];

const values = (records: readonly JsonRecord[], name: string): JsonValue[] =>
  records.flatMap((r) => (Object.hasOwn(r, name) && r[name] !== null ? [r[name] as JsonValue] : []));

/** The first of the names that a record has, and whose values all fit. */
const field = (
  records: readonly JsonRecord[],
  names: readonly string[],
  fits: (v: JsonValue) => boolean = () => true,
): string | null =>
  names.find((name) => {
    const found = values(records, name);
    return found.length > 0 && found.every(fits);
  }) ?? null;

const isText = (v: JsonValue): boolean => typeof v === 'string' || messagesOf(v) !== null;
const isSteps = (v: JsonValue): boolean => isText(v) || (Array.isArray(v) && v.length > 0);
const isScalar = (v: JsonValue): boolean => typeof v !== 'object';

const stepsOf = (found: readonly JsonValue[]): { split: string; text?: string } => {
  const array = found.find((v) => Array.isArray(v) && messagesOf(v) === null) as JsonValue[] | undefined;
  if (array) {
    const [first] = array;
    const text = isRecord(first) ? STEP_TEXT.find((name) => typeof first[name] === 'string') : undefined;
    return { split: 'array', ...(text && { text }) };
  }
  const texts = found.map((v) => textOrMessages(v) ?? '');
  if (texts.every((t) => /^\s*\[\s*"/.test(t))) return { split: 'array' };
  const most = (pattern: RegExp): boolean => texts.filter((t) => pattern.test(t)).length * 2 > texts.length;
  if (most(/(^|\n)[ \t]*(#{1,6}[ \t]+)?(\*\*)?Step[ \t]+\d+/i)) return { split: 'numbered' };
  if (most(/\n[ \t]*\r?\n/)) return { split: 'blank-lines' };
  if (most(/\S[ \t]*\r?\n[ \t]*\S/)) return { split: 'lines' };
  return { split: most(/[.!?]\s+\p{Lu}.*[.!?]/su) ? 'sentences' : 'lines' };
};

/** Where most of the texts have their answer. */
const placeOf = (texts: readonly string[]): AnswerPlace | undefined =>
  texts.length === 0
    ? undefined
    : PLACES.find((place) => texts.filter((t) => findAnswer(t, place) !== null).length * 2 > texts.length);

/**
 * What `answer` beside a model's text is: a model's own answer stands in its text; one that does not, at least once, is the reference.
 */
const isReference = (records: readonly JsonRecord[], steps: string): boolean =>
  records.some((r) => {
    const answer = asText(r.answer)?.trim();
    return answer ? !JSON.stringify(r[steps] ?? '').includes(JSON.stringify(answer).slice(1, -1)) : false;
  });

const rejected = (mapping: Mapping, records: readonly JsonRecord[]): number =>
  records.filter((record) => {
    try {
      mapRecord(mapping, record, '');
      return false;
    } catch (error) {
      if (error instanceof RecordError) return true;
      throw error;
    }
  }).length;

/** With steps counted from 1 where only that fits the records. */
const counted = (mapping: FieldsMapping, records: readonly JsonRecord[]): Mapping => {
  if (mapping.firstError === null) return mapping;
  const fromOne = { ...mapping, firstError: { ...mapping.firstError, base: 1 as const } };
  return rejected(fromOne, records) < rejected(mapping, records) ? fromOne : mapping;
};

/** Puts a mapping together from records of unknown make; null when they have no prompt or no text. */
export const mappingFromNames = (records: readonly JsonRecord[]): Mapping | null => {
  const prompt = field(records, NAMES.prompt, isText);
  const steps = field(
    records,
    NAMES.steps.filter((n) => n !== prompt),
    isSteps,
  );
  if (!prompt || !steps) return null;
  const context = prompt === 'instruction' && steps !== 'input' && field(records, ['input'], isText);
  const model = field(records, NAMES.model, isScalar);
  const task = field(records, NAMES.task, isScalar);
  // What Flywheel wrote itself: null means "not labelled" there, and "clean" elsewhere.
  const ours = field(records, ['flaw_from']) !== null || records.some((r) => Object.hasOwn(r, 'verdict'));
  const firstError = ours
    ? undefined
    : NAMES.firstError.find((n) => records.some((r) => Object.hasOwn(r, n)));
  const labels = field(
    records,
    NAMES.labels,
    (v) => Array.isArray(v) && v.length > 0 && v.every((l) => labelOf(l, 'neutral') !== undefined),
  );
  let answer = field(records, NAMES.answer, isScalar);
  let reference = field(records, NAMES.reference, isScalar);
  if (steps !== 'answer' && field(records, ['answer'], isScalar)) {
    if (reference === null && isReference(records, steps)) reference = 'answer';
    else answer ??= 'answer';
  }
  const { split, text } = stepsOf(values(records, steps));
  const written = values(records, steps).map((v) =>
    Array.isArray(v) && !messagesOf(v) ? v.map(asText).join('\n') : (textOrMessages(v) ?? ''),
  );
  const answerFrom = answer === null ? placeOf(written) : undefined;
  const referenceFrom =
    reference === null ? undefined : placeOf(values(records, reference).map((v) => asText(v) ?? ''));
  const mapping = Mapping.parse({
    reader: 'fields',
    prompt,
    ...(context && { context }),
    steps: { path: steps, split, ...(text && { text }) },
    task: { path: task ?? '$file' },
    model: model ? { path: model } : { constant: 'unknown' },
    source: 'generic',
    reference,
    ...(referenceFrom && { referenceFrom }),
    answer,
    ...(answerFrom && { answerFrom }),
    given: field(records, NAMES.given, (v) => isScalar(v) && givenOf(v) !== null),
    firstError: firstError ? { path: firstError } : null,
    ...(labels && { stepLabels: { path: labels } }),
  }) as FieldsMapping;
  return counted(mapping, records);
};
