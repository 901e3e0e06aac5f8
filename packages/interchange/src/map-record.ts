import { encodePosition, type Position } from '@flywheel/domain/judgement';
import type { JsonValue } from '@flywheel/domain/trace';
import { type DraftTrace, RecordError } from './draft.ts';
import { asText, at, isRecord, type JsonRecord, unmapped } from './fields.ts';
import { readGsm8kSolutions } from './gsm8k-solutions.ts';
import type { FieldsMapping, Mapping } from './mapping.ts';
import { readPrm800k } from './prm800k.ts';
import { splitSteps } from './split-steps.ts';

/** `multistep_arithmetic.dev.jsonl.gz` -> `multistep_arithmetic`: what `$file` stands for. */
export const taskOfFile = (file: string): string =>
  file.replace(/^.*[\\/]/, '').replace(/\..*$/, '') || 'untitled';

const USED = new WeakMap<FieldsMapping, ReadonlySet<string>>();

/** The top-level fields that a mapping uses up. A nested path leaves its record in `extra`: the fields beside it must not be lost. */
const usedBy = (m: FieldsMapping): ReadonlySet<string> => {
  const known = USED.get(m);
  if (known) return known;
  const paths = [m.prompt, m.steps.path, m.reference, m.answer, m.given, m.firstError?.path];
  for (const text of [m.task, m.model]) if ('path' in text) paths.push(text.path);
  const used = new Set(paths.filter((p): p is string => typeof p === 'string' && !p.includes('.')));
  USED.set(m, used);
  return used;
};

const textOf = (text: FieldsMapping['task'], record: JsonRecord, file: string, what: string): string => {
  if ('constant' in text) return text.constant;
  if (text.path === '$file') return taskOfFile(file);
  const value = asText(at(record, text.path))?.trim();
  if (!value) throw new RecordError(`\`${text.path}\` (${what}) is missing`);
  return value;
};

const givenOf = (v: JsonValue | undefined): 'right' | 'wrong' | null => {
  const text = asText(v ?? null)?.toLowerCase();
  if (text === 'true' || text === '1') return 'right';
  return text === 'false' || text === '0' ? 'wrong' : null;
};

const goldOf = (
  m: NonNullable<FieldsMapping['firstError']>,
  record: JsonRecord,
  steps: number,
): Position | null => {
  const value = at(record, m.path);
  if (value === undefined) return null;
  if (m.clean.some((c) => c === value || (c !== null && String(c) === String(value)))) return 'clean';
  const index =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\d+$/.test(value)
        ? Number(value)
        : Number.NaN;
  const step = index - m.base;
  if (!Number.isInteger(step) || step < 0 || step >= steps)
    throw new RecordError(
      `\`${m.path}\` is ${JSON.stringify(value)}, but the trace has ${steps} steps counted from ${m.base}`,
    );
  return step;
};

const readFields = (m: FieldsMapping, record: JsonRecord, file: string): DraftTrace[] => {
  const prompt = asText(at(record, m.prompt));
  if (prompt === null) throw new RecordError(`\`${m.prompt}\` (prompt) is missing`);
  const steps = splitSteps(at(record, m.steps.path), m.steps.split);
  if (steps === null)
    throw new RecordError(
      `\`${m.steps.path}\` (steps) is ${m.steps.split === 'array' ? 'not an array' : 'not text'}`,
    );
  if (steps.length === 0) throw new RecordError(`\`${m.steps.path}\` (steps) is empty`);
  const position = m.firstError && goldOf(m.firstError, record, steps.length);
  const labels = steps.map((_, i) =>
    position === 'clean' || (typeof position === 'number' && i < position)
      ? (1 as const)
      : i === position
        ? (-1 as const)
        : null,
  );
  return [
    {
      task: textOf(m.task, record, file, 'task'),
      prompt,
      reference: m.reference === null ? null : asText(at(record, m.reference)),
      model: textOf(m.model, record, file, 'model'),
      source: m.source,
      given: m.given === null ? null : givenOf(at(record, m.given)),
      answer: m.answer === null ? null : asText(at(record, m.answer)),
      steps,
      extra: unmapped(record, usedBy(m)),
      ...(position !== null && { gold: { position: encodePosition(position), labels } }),
    },
  ];
};

const readChat = (
  m: Extract<Mapping, { reader: 'chat-messages' }>,
  record: JsonRecord,
  file: string,
): DraftTrace[] => {
  if (!Array.isArray(record.messages)) throw new RecordError('`messages` is not an array');
  const messages = record.messages.filter(isRecord);
  const last = messages.findLastIndex((x) => x.role === 'assistant');
  const text = asText(messages[last]?.content);
  if (last < 0 || text === null) throw new RecordError('`messages` has no assistant message with text');
  const prompt = messages
    .slice(0, last)
    .map((x) => (last === 1 ? asText(x.content) : `${asText(x.role)}: ${asText(x.content)}`))
    .join('\n\n');
  if (prompt === '') throw new RecordError('`messages` has nothing before the assistant message');
  const model =
    'path' in m.model && asText(at(record, m.model.path)) === null
      ? 'unknown'
      : textOf(m.model, record, file, 'model');
  return [
    {
      task: textOf(m.task, record, file, 'task'),
      prompt,
      reference: asText(record.reference),
      model,
      source: 'chat-messages',
      given: null,
      answer: null,
      steps: splitSteps(text, 'blank-lines') ?? [text],
      extra: unmapped(record, new Set(['model', 'reference'])),
    },
  ];
};

/**
 * The traces of one record.
 *
 * @throws RecordError naming the field that is missing or does not fit
 */
export const mapRecord = (mapping: Mapping, value: JsonValue, file: string): DraftTrace[] => {
  if (!isRecord(value)) throw new RecordError('the line is not a JSON object');
  switch (mapping.reader) {
    case 'fields':
      return readFields(mapping, value, file);
    case 'gsm8k-solutions':
      return readGsm8kSolutions(value);
    case 'prm800k':
      return readPrm800k(value);
    case 'chat-messages':
      return readChat(mapping, value, file);
  }
};
