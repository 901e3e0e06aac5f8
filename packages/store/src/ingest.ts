import {
  BIGINT,
  BOOLEAN,
  FLOAT,
  INTEGER,
  SMALLINT,
  TIMESTAMP,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { encodeStrip } from '@flywheel/domain/flaw';
import { IMPORTED_GOLD, type ImportId, type TraceId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import type { Outcome } from '@flywheel/domain/trace';
import { givenCode, judgeBits, kindCode, outcomeCode, usefulness } from './codes.ts';
import { type Column, type Database, timestamp, type Writer } from './database.ts';
import { nextOrd } from './judgement-rows.ts';
import { Known } from './known.ts';
import type { Names } from './names.ts';

/** What the full-text index needs of a batch; problems are new ones only. */
export interface IndexBatch {
  problems: { seq: number; text: string }[];
  traces: { seq: number; problem: number; text: string }[];
  rationales: { ord: number; trace: number; text: string }[];
}

/** Where batches go to be indexed: {@link Search}. */
export interface IndexSink {
  add(batch: IndexBatch): Promise<void>;
  settled(): Promise<void>;
}

interface Placed {
  record: IngestTrace;
  seq: number;
  problem: number;
}

const initialOutcome = (t: IngestTrace): Outcome => t.given ?? (t.answer === null ? 'none' : 'unknown');

/** The way in for imported records: one transaction a batch, known ids dropped, gold labels resolved at once. */
export class Ingest {
  private readonly db: Database;
  private readonly names: Names;
  private readonly index: IndexSink;
  private known: Promise<Known> | null = null;
  /** What {@link known} resolved to. */
  private loaded: Known | null = null;

  constructor(db: Database, names: Names, index: IndexSink) {
    this.db = db;
    this.names = names;
    this.index = index;
  }

  settled(): Promise<void> {
    return this.index.settled();
  }

  /** After rows were removed by other means (undo of an import), what is known must be read again. */
  forget(): void {
    this.known = null;
    this.loaded = null;
  }

  /** Reads what is known before the first import asks for it. */
  async prepare(): Promise<void> {
    await this.db.write((tx) => {
      tx.onRollback(() => this.forget());
      return this.load();
    });
  }

  /** The row number of a trace, undefined when there is no such trace; null while nothing is loaded. */
  seqOf(id: TraceId): number | undefined | null {
    return this.loaded === null ? null : this.loaded.traces.get(id);
  }

  /** Only inside a write: what is known must not be older than the write before. */
  private async load(): Promise<Known> {
    this.known ??= Known.load(this.db, this.names);
    this.loaded = await this.known;
    return this.loaded;
  }

  /**
   * Writes a batch (about 10,000 records is best).
   *
   * @returns how many were new, and how many the workspace already had
   */
  async write(
    importId: ImportId,
    records: readonly IngestTrace[],
  ): Promise<{ imported: number; duplicates: number }> {
    const { batch, imported } = await this.db.write(async (tx) => {
      tx.onRollback(() => this.forget());
      return this.place(tx, importId, records, await this.load());
    });
    if (imported > 0) await this.index.add(batch);
    return { imported, duplicates: records.length - imported };
  }

  private async place(tx: Writer, importId: ImportId, records: readonly IngestTrace[], known: Known) {
    const newProblems: { record: IngestTrace; seq: number; ordinal: number }[] = [];
    const placed: Placed[] = [];
    for (const record of records) {
      if (!known.traces.add(record.id, known.nextTrace)) continue;
      let problem = known.problems.get(record.problemId);
      if (problem === undefined) {
        problem = known.nextProblem++;
        known.problems.add(record.problemId, problem);
        const ordinal = known.ordinals.get(record.task) ?? 0;
        known.ordinals.set(record.task, ordinal + 1);
        newProblems.push({ record, seq: problem, ordinal });
      }
      placed.push({ record, seq: known.nextTrace++, problem });
    }
    const task = await this.names.codesFor(
      tx,
      'task',
      placed.map((p) => p.record.task),
    );
    const model = await this.names.codesFor(
      tx,
      'model',
      placed.map((p) => p.record.model),
    );
    const source = await this.names.codesFor(
      tx,
      'source',
      placed.map((p) => p.record.source),
    );

    await tx.append('problem', [
      ['seq', UINTEGER, newProblems.map((p) => p.seq)],
      ['id', VARCHAR, newProblems.map((p) => p.record.problemId)],
      ['task', USMALLINT, newProblems.map((p) => task(p.record.task))],
      ['ordinal', UINTEGER, newProblems.map((p) => p.ordinal)],
      ['prompt', VARCHAR, newProblems.map((p) => p.record.prompt)],
      ['reference', VARCHAR, newProblems.map((p) => p.record.reference)],
    ]);
    const gold = placed.some((p) => p.record.gold)
      ? (await this.names.codesFor(tx, 'judge', [IMPORTED_GOLD]))(IMPORTED_GOLD)
      : null;
    await tx.append('trace', traceColumns(placed, importId, { task, model, source }, gold));
    await tx.append('trace_body', bodyColumns(placed));
    const rationales = gold === null ? [] : await appendGold(tx, placed, gold);
    return {
      imported: placed.length,
      batch: {
        problems: newProblems.map((p) => ({ seq: p.seq, text: p.record.prompt })),
        traces: placed.map((p) => ({ seq: p.seq, problem: p.problem, text: p.record.steps.join('\n') })),
        rationales,
      },
    };
  }
}

/** The files' own labels, as judgements of {@link IMPORTED_GOLD}, whose code is `judge`. @returns their rationales */
const appendGold = async (
  tx: Writer,
  placed: readonly Placed[],
  judge: number,
): Promise<IndexBatch['rationales']> => {
  const gold = placed.flatMap(({ record, seq }) => (record.gold ? [{ ...record.gold, seq }] : []));
  const now = timestamp(Date.now());
  const first = await nextOrd(tx);
  const all = <T>(value: T) => gold.map(() => value);
  await tx.append('judgement', [
    ['ord', BIGINT, gold.map((_, i) => BigInt(first + i))],
    ['trace', UINTEGER, gold.map((g) => g.seq)],
    ['judge', USMALLINT, all(judge)],
    ['scope', UTINYINT, all(1)],
    ['position', SMALLINT, gold.map((g) => g.position)],
    ['labels', VARCHAR, gold.map((g) => encodeStrip(g.labels))],
    ['category', UTINYINT, all(null)],
    ['confidence', FLOAT, all(null)],
    ['rationale', VARCHAR, gold.map((g) => g.rationale ?? '')],
    ['evidence', VARCHAR, all(null)],
    ['version', VARCHAR, all('imported')],
    ['imported', BOOLEAN, all(true)],
    ['run_id', INTEGER, all(null)],
    ['made_at', TIMESTAMP, all(now)],
  ]);
  return gold.flatMap((g, i) => (g.rationale ? [{ ord: first + i, trace: g.seq, text: g.rationale }] : []));
};

type Codes = Record<'task' | 'model' | 'source', (value: string) => number>;

/** @param goldJudge code of {@link IMPORTED_GOLD}; null when no record has a label */
const traceColumns = (
  placed: readonly Placed[],
  importId: number,
  codes: Codes,
  goldJudge: number | null,
): Column[] => {
  const of = <T>(pick: (r: IngestTrace, p: Placed) => T) => placed.map((p) => pick(p.record, p));
  const goldAt = (r: IngestTrace) => r.gold?.position ?? null;
  const nothing = of(() => null);
  const no = of(() => false);
  const goldBits = judgeBits(goldJudge === null ? [] : [goldJudge]);
  return [
    ['seq', UINTEGER, of((_, p) => p.seq)],
    ['id', VARCHAR, of((r) => r.id)],
    ['problem', UINTEGER, of((_, p) => p.problem)],
    ['task', USMALLINT, of((r) => codes.task(r.task))],
    ['model', USMALLINT, of((r) => codes.model(r.model))],
    ['source', USMALLINT, of((r) => codes.source(r.source))],
    ['import_id', USMALLINT, of(() => importId)],
    ['given', UTINYINT, of((r) => givenCode(r.given))],
    ['outcome', UTINYINT, of((r) => outcomeCode(initialOutcome(r)))],
    ['steps', USMALLINT, of((r) => Math.min(r.steps.length, 65_535))],
    ['first_error', SMALLINT, of(goldAt)],
    ['category', UTINYINT, nothing],
    ['flaw_kind', UTINYINT, of((r) => (r.gold ? kindCode('human') : null))],
    ['verifier_at', SMALLINT, nothing],
    ['critic_at', SMALLINT, nothing],
    ['local_at', SMALLINT, nothing],
    ['human_at', SMALLINT, of(goldAt)],
    ['conflict', BOOLEAN, no],
    ['reviewed', BOOLEAN, no],
    ['flagged', BOOLEAN, no],
    [
      'usefulness',
      UTINYINT,
      of((r) =>
        usefulness({ reviewed: false, conflict: false, outcome: initialOutcome(r), firstError: goldAt(r) }),
      ),
    ],
    ['judges', UBIGINT, of((r) => (r.gold ? goldBits : 0n))],
  ];
};

const bodyColumns = (placed: readonly Placed[]): Column[] => [
  ['seq', UINTEGER, placed.map((p) => p.seq)],
  ['steps', VARCHAR, placed.map((p) => JSON.stringify(p.record.steps))],
  ['answer', VARCHAR, placed.map((p) => p.record.answer)],
  [
    'extra',
    VARCHAR,
    placed.map((p) => (Object.keys(p.record.extra).length === 0 ? null : JSON.stringify(p.record.extra))),
  ],
  ['strip', VARCHAR, placed.map((p) => (p.record.gold ? encodeStrip(p.record.gold.labels) : null))],
];
