import type { JsonValue } from '@flywheel/domain/trace';
import { messagesOf, promptOf, textOrMessages } from './chat.ts';
import { type DraftTrace, RecordError } from './draft.ts';
import { asText, at, isDeeper, isRecord, type JsonRecord, unmapped } from './fields.ts';
import { findAnswer } from './find-answer.ts';
import { givenOf, goldOf } from './gold.ts';
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
  const paths = [m.prompt, m.context, m.answer, m.given, m.firstError?.path, m.stepLabels?.path];
  // What is only partly taken over stays as a whole.
  if (!m.steps.text) paths.push(m.steps.path);
  if (!m.referenceFrom) paths.push(m.reference);
  for (const text of [m.task, m.model]) if ('path' in text) paths.push(text.path);
  const used = new Set(paths.filter((p): p is string => typeof p === 'string' && !p.includes('.')));
  USED.set(m, used);
  return used;
};

/** A name from the record, or `otherwise` where it does not give one. */
const textOf = (text: FieldsMapping['task'], record: JsonRecord, otherwise: string): string => {
  if ('constant' in text) return text.constant;
  return (text.path === '$file' ? null : asText(at(record, text.path))?.trim()) || otherwise;
};

const referenceOf = (m: FieldsMapping, record: JsonRecord): string | null => {
  const text = m.reference === null ? null : asText(at(record, m.reference));
  return text !== null && m.referenceFrom ? (findAnswer(text, m.referenceFrom) ?? text) : text;
};

const answerOf = (m: FieldsMapping, record: JsonRecord, written: () => string): string | null => {
  const text = m.answer === null ? null : asText(at(record, m.answer));
  if (!m.answerFrom) return text;
  return text === null ? findAnswer(written(), m.answerFrom) : (findAnswer(text, m.answerFrom) ?? text);
};

const readFields = (m: FieldsMapping, record: JsonRecord, file: string): DraftTrace[] => {
  const question = textOrMessages(at(record, m.prompt));
  if (question === null) throw new RecordError(`\`${m.prompt}\` (prompt) is missing`);
  const context = m.context === undefined ? null : asText(at(record, m.context));
  const source = at(record, m.steps.path);
  const steps = splitSteps(source, m.steps.split, m.steps.text);
  if (steps === null)
    throw new RecordError(
      `\`${m.steps.path}\` (steps) is ${m.steps.split === 'array' ? 'not an array' : 'not text'}`,
    );
  if (steps.length === 0) throw new RecordError(`\`${m.steps.path}\` (steps) is empty`);
  const gold = goldOf(m, record, steps.length);
  return [
    {
      task: textOf(m.task, record, taskOfFile(file)),
      prompt: context ? `${question}\n\n${context}` : question,
      reference: referenceOf(m, record),
      model: textOf(m.model, record, 'unknown'),
      source: m.source,
      given: m.given === null ? null : givenOf(at(record, m.given)),
      answer: answerOf(m, record, () => steps.join('\n')),
      steps,
      extra: unmapped(record, usedBy(m)),
      ...(gold && { gold }),
    },
  ];
};

const readChat = (
  m: Extract<Mapping, { reader: 'chat-messages' }>,
  record: JsonRecord,
  file: string,
): DraftTrace[] => {
  const messages = messagesOf(record.messages ?? record.conversations);
  if (!messages) throw new RecordError('`messages` is not an array of messages with `role` and `content`');
  const last = messages.findLastIndex((x) => x.role === 'assistant');
  const text = messages[last]?.text ?? '';
  if (text.trim() === '') throw new RecordError('`messages` has no assistant message with text');
  const prompt = promptOf(messages.slice(0, last));
  if (prompt === '') throw new RecordError('`messages` has nothing before the assistant message');
  return [
    {
      task: textOf(m.task, record, taskOfFile(file)),
      prompt,
      reference: asText(record.reference),
      model: textOf(m.model, record, 'unknown'),
      source: 'chat-messages',
      given: null,
      answer: null,
      steps: splitSteps(text, 'blank-lines') ?? [text],
      extra: unmapped(record, new Set(['model', 'reference'])),
    },
  ];
};

/** Deeper values overflow the stack of whoever serialises them next. */
const MOST_LEVELS = 200;

/**
 * The traces of one record.
 *
 * @throws RecordError naming the field that is missing or does not fit
 */
export const mapRecord = (mapping: Mapping, value: JsonValue, file: string): DraftTrace[] => {
  if (!isRecord(value)) throw new RecordError('the line is not a JSON object');
  if (isDeeper(value, MOST_LEVELS)) throw new RecordError(`nested more than ${MOST_LEVELS} levels deep`);
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
