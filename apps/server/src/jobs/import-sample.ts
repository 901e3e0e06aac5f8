import type { Reject } from '@flywheel/domain/ingest';
import type { JsonValue } from '@flywheel/domain/trace';
import { type DraftTrace, RecordError } from '@flywheel/interchange/draft';
import { isRecord } from '@flywheel/interchange/fields';
import { mapRecord } from '@flywheel/interchange/map-record';
import type { Mapping } from '@flywheel/interchange/mapping';
import { readRecords } from '@flywheel/interchange/records';

/** Records of a file's beginning that a guess and a preview look at. */
const SAMPLE = 50;
const SHOWN = 20;
/** Longer texts and lists are cut for the preview: a record may have 10 MB. */
const TEXT = 4_000;
const STEPS = 100;
const FIELDS = 300;

type SampleRecord = Awaited<ReturnType<typeof readSampleRecords>>[number];

/** A field of the sample: its dotted path, and its first value as a person would recognise it. */
export interface SampleField {
  path: string;
  kind: 'text' | 'number' | 'list' | 'object' | 'truth' | 'empty';
  example: string;
}

/** A trace as it would be imported; `steps` at most 100, texts at most 4,000 characters. */
export type PreviewTrace = Pick<
  DraftTrace,
  'task' | 'model' | 'prompt' | 'reference' | 'given' | 'answer' | 'steps'
> & {
  /** 1-based line of the record that it comes from. */
  line: number;
  stepCount: number;
  /** The encoded position of the first error as the file gives it; null: it says nothing. */
  gold: number | null;
  /** Fields that no part of the mapping uses; kept with the trace. */
  extra: { name: string; value: string }[];
};

export interface ImportPreview {
  traces: PreviewTrace[];
  rejects: Pick<Reject, 'line' | 'reason' | 'excerpt'>[];
  /** Records that were looked at. */
  sampled: number;
}

/** The first records of a file, bad ones with their reasons. */
export const readSampleRecords = async (file: string) => {
  const sample: { line: number; value?: JsonValue; reason?: string; excerpt: string }[] = [];
  for await (const { records } of readRecords(file)) {
    sample.push(...records);
    if (sample.length >= SAMPLE) break;
  }
  return sample.slice(0, SAMPLE);
};

export const valuesOf = (sample: readonly SampleRecord[]): JsonValue[] =>
  sample.flatMap(({ value }) => (value === undefined ? [] : [value]));

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)} …` : text;
const shownText = (text: string | null): string | null => text && cut(text, TEXT);
const inWords = (value: JsonValue, length: number): string =>
  cut(typeof value === 'string' ? value : JSON.stringify(value), length);

const kindOf = (value: JsonValue): SampleField['kind'] => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'truth';
    default:
      return 'object';
  }
};

/** The fields of the sample, those of objects within included, in the order in which the file has them. */
export const fieldsOf = (sample: readonly SampleRecord[]): SampleField[] => {
  const found = new Map<string, SampleField>();
  const visit = (record: { [key: string]: JsonValue }, before: string, depth: number): void => {
    for (const [key, value] of Object.entries(record)) {
      const path = `${before}${key}`;
      const known = found.get(path);
      if (
        (!known && found.size < FIELDS && path.length <= 200) ||
        (known?.kind === 'empty' && value !== null)
      )
        found.set(path, { path, kind: kindOf(value), example: inWords(value, 80) });
      if (isRecord(value) && depth < 3) visit(value, `${path}.`, depth + 1);
    }
  };
  for (const { value } of sample) if (isRecord(value)) visit(value, '', 0);
  return [...found.values()];
};

const shown = (trace: DraftTrace, line: number): PreviewTrace => ({
  line,
  task: trace.task,
  model: trace.model,
  prompt: cut(trace.prompt, TEXT),
  reference: shownText(trace.reference),
  given: trace.given,
  answer: shownText(trace.answer),
  steps: trace.steps.slice(0, STEPS).map((s) => cut(s, TEXT)),
  stepCount: trace.steps.length,
  gold: trace.gold?.position ?? null,
  extra: Object.entries(trace.extra).map(([name, value]) => ({ name, value: inWords(value, 200) })),
});

/** The first traces that a mapping makes of a sample, and every record of it that would be rejected. */
export const previewOf = (sample: readonly SampleRecord[], mapping: Mapping, file: string): ImportPreview => {
  const traces: PreviewTrace[] = [];
  const rejects: ImportPreview['rejects'] = [];
  for (const { line, value, reason, excerpt } of sample) {
    if (value === undefined) {
      rejects.push({ line, reason: reason ?? 'empty', excerpt });
      continue;
    }
    try {
      const drafts = mapRecord(mapping, value, file);
      traces.push(...drafts.slice(0, SHOWN - traces.length).map((t) => shown(t, line)));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      rejects.push({ line, reason: error.message, excerpt: inWords(value, 200) });
    }
  }
  return { traces, rejects, sampled: sample.length };
};
