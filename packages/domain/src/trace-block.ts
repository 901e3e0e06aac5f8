import type { IngestTrace } from './ingest.ts';

/** Texts of many rows as one string. One long string crosses threads as a copy of its bytes, and no collector moves it about. */
export interface Texts {
  all: string;
  /** Where each row's text ends, in UTF-16 units. */
  ends: Uint32Array<ArrayBuffer>;
}

/** Names of many rows, each different one once. */
export interface Words {
  words: string[];
  /** Each row's index in `words`. */
  of: Uint32Array<ArrayBuffer>;
}

/** Traces as columns, in the form in which the store appends them. Row i of each column is trace i. */
export interface TraceBlock {
  ids: string[];
  problemIds: string[];
  tasks: Words;
  models: Words;
  sources: Words;
  prompts: Texts;
  references: (string | null)[];
  given: IngestTrace['given'][];
  answers: (string | null)[];
  /** Each trace's steps as the text of a JSON array. */
  steps: Texts;
  stepCounts: Uint32Array<ArrayBuffer>;
  /** Unmapped fields as the text of a JSON object; null when there are none. */
  extras: (string | null)[];
  /** Labels of the file, of those rows that have one. */
  golds: Map<number, NonNullable<IngestTrace['gold']>>;
}

/** A row's text. */
export const textAt = ({ all, ends }: Texts, row: number): string =>
  all.slice(row === 0 ? 0 : ends[row - 1], ends[row]);

/** A row's name. */
export const wordAt = ({ words, of }: Words, row: number): string => words[of[row] as number] as string;

/** Packs texts; {@link textAt} gives them back. */
export const joinTexts = (texts: readonly string[]): Texts => {
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (let i = 0; i < texts.length; i++) {
    end += (texts[i] as string).length;
    ends[i] = end;
  }
  return { all: texts.join(''), ends };
};

const joinWords = (names: readonly string[]): Words => {
  const codes = new Map<string, number>();
  const of = new Uint32Array(names.length);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    let code = codes.get(name);
    if (code === undefined) {
      code = codes.size;
      codes.set(name, code);
    }
    of[i] = code;
  }
  return { words: [...codes.keys()], of };
};

/** A trace whose steps and unmapped fields are also there as JSON, which its maker needed anyway. */
export interface WrittenTrace {
  trace: IngestTrace;
  steps: string;
  extra: string;
}

/** Traces to columns. */
export const blockOf = (rows: readonly WrittenTrace[]): TraceBlock => ({
  ids: rows.map((r) => r.trace.id),
  problemIds: rows.map((r) => r.trace.problemId),
  tasks: joinWords(rows.map((r) => r.trace.task)),
  models: joinWords(rows.map((r) => r.trace.model)),
  sources: joinWords(rows.map((r) => r.trace.source)),
  prompts: joinTexts(rows.map((r) => r.trace.prompt)),
  references: rows.map((r) => r.trace.reference),
  given: rows.map((r) => r.trace.given),
  answers: rows.map((r) => r.trace.answer),
  steps: joinTexts(rows.map((r) => r.steps)),
  stepCounts: new Uint32Array(rows.map((r) => r.trace.steps.length)),
  extras: rows.map((r) => (r.extra === '{}' ? null : r.extra)),
  golds: new Map(rows.flatMap((r, i) => (r.trace.gold ? [[i, r.trace.gold]] : []))),
});

/** {@link blockOf} for traces at hand. */
export const packTraces = (traces: readonly IngestTrace[]): TraceBlock =>
  blockOf(
    traces.map((trace) => ({
      trace,
      steps: JSON.stringify(trace.steps),
      extra: JSON.stringify(trace.extra),
    })),
  );
