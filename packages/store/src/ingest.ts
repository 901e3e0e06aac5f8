import {
  BIGINT,
  BOOLEAN,
  FLOAT,
  INTEGER,
  SMALLINT,
  TIMESTAMP,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { encodeStrip } from '@flywheel/domain/flaw';
import { IMPORTED_GOLD, type ImportId, type TraceId } from '@flywheel/domain/ids';
import {
  joinTexts,
  type Texts,
  type TraceBlock,
  textAt,
  type Words,
  wordAt,
} from '@flywheel/domain/trace-block';
import { type Database, timestamp, type Writer } from './database.ts';
import { bodyColumns, type CodeOf, type Golds, type Placed, traceColumns } from './ingest-columns.ts';
import { nextOrd } from './judgement-rows.ts';
import { Known } from './known.ts';
import type { Names } from './names.ts';

/** What the full-text index needs of a batch; problems are new ones only. */
export interface IndexBatch {
  problems: { seq: number; text: string }[];
  /** How many traces the blocks hold. */
  traces: number;
  blocks: IndexBlock[];
  rationales: { ord: number; trace: number; text: string }[];
}

/** The new traces of a block: `rows` of its `steps`, and for each its number and its problem's. */
export interface IndexBlock {
  rows: Uint32Array<ArrayBuffer>;
  seqs: Uint32Array<ArrayBuffer>;
  problems: Uint32Array<ArrayBuffer>;
  steps: Texts;
}

/** Where batches go to be indexed: {@link Search}. */
export interface IndexSink {
  add(batch: IndexBatch): Promise<void>;
  settled(): Promise<void>;
}

/** The way in for imported records: one transaction a batch, known ids dropped, gold labels resolved at once. */
export class Ingest {
  private readonly db: Database;
  private readonly names: Names;
  private readonly sink: IndexSink;
  private known: Promise<Known> | null = null;
  /** What {@link known} resolved to. */
  private loaded: Known | null = null;

  constructor(db: Database, names: Names, index: IndexSink) {
    this.db = db;
    this.names = names;
    this.sink = index;
  }

  settled(): Promise<void> {
    return this.sink.settled();
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
   * Writes a batch (about 5,000 traces is best).
   *
   * @returns how many were new, and how many the workspace already had
   */
  async write(
    importId: ImportId,
    blocks: readonly TraceBlock[],
  ): Promise<{ imported: number; duplicates: number }> {
    const { batch, imported } = await this.db.write(async (tx) => {
      tx.onRollback(() => this.forget());
      return this.place(tx, importId, blocks, await this.load());
    });
    if (imported > 0) await this.sink.add(batch);
    return { imported, duplicates: blocks.reduce((sum, b) => sum + b.ids.length, 0) - imported };
  }

  /**
   * Writes traces that no file brought inside a transaction of the caller's, who has them indexed behind it ({@link index}).
   *
   * @returns what to index, and row numbers by id, also of those that were there
   */
  async placeWith(
    tx: Writer,
    block: TraceBlock,
  ): Promise<{ batch: IndexBatch; seqOf: (id: string) => number }> {
    tx.onRollback(() => this.forget());
    const known = await this.load();
    const { batch } = await this.place(tx, 0, [block], known);
    return { batch, seqOf: (id) => known.traces.get(id) as number };
  }

  /** Makes what was placed found by its words. */
  async index(batch: IndexBatch): Promise<void> {
    if (batch.traces > 0) await this.sink.add(batch);
  }

  private async place(tx: Writer, importId: number, blocks: readonly TraceBlock[], known: Known) {
    const newProblems: { of: Placed; ordinal: number }[] = [];
    const placed: Placed[] = [];
    const indexed: IndexBlock[] = [];
    for (const block of blocks) {
      const from = placed.length;
      for (let row = 0; row < block.ids.length; row++) {
        if (!known.traces.add(block.ids[row] as string, known.nextTrace)) continue;
        const problemId = block.problemIds[row] as string;
        const problem = known.problems.get(problemId) ?? known.nextProblem;
        const trace = { block, row, seq: known.nextTrace++, problem };
        placed.push(trace);
        if (problem < known.nextProblem) continue;
        known.problems.add(problemId, known.nextProblem++);
        const task = wordAt(block.tasks, row);
        const ordinal = known.ordinals.get(task) ?? 0;
        known.ordinals.set(task, ordinal + 1);
        newProblems.push({ of: trace, ordinal });
      }
      const fresh = placed.slice(from);
      indexed.push({
        rows: new Uint32Array(fresh.map((p) => p.row)),
        seqs: new Uint32Array(fresh.map((p) => p.seq)),
        problems: new Uint32Array(fresh.map((p) => p.problem)),
        steps: fresh.length > 0 ? block.steps : joinTexts([]),
      });
    }
    const codes = async (
      kind: 'task' | 'model' | 'source',
      of: (b: TraceBlock) => Words,
    ): Promise<CodeOf> => {
      const code = await this.names.codesFor(
        tx,
        kind,
        placed.map((p) => wordAt(of(p.block), p.row)),
      );
      return (p) => code(wordAt(of(p.block), p.row));
    };
    const task = await codes('task', (b) => b.tasks);
    const model = await codes('model', (b) => b.models);
    const source = await codes('source', (b) => b.sources);
    const prompts = newProblems.map(({ of }) => textAt(of.block.prompts, of.row));

    await tx.append('problem', [
      ['seq', UINTEGER, newProblems.map(({ of }) => of.problem)],
      ['id', VARCHAR, newProblems.map(({ of }) => of.block.problemIds[of.row] as string)],
      ['task', USMALLINT, newProblems.map(({ of }) => task(of))],
      ['ordinal', UINTEGER, newProblems.map((p) => p.ordinal)],
      ['prompt', VARCHAR, prompts],
      ['reference', VARCHAR, newProblems.map(({ of }) => of.block.references[of.row] as string | null)],
    ]);
    const golds = placed.map((p) => p.block.golds.get(p.row));
    const gold = golds.some((g) => g)
      ? (await this.names.codesFor(tx, 'judge', [IMPORTED_GOLD]))(IMPORTED_GOLD)
      : null;
    await tx.append('trace', traceColumns(placed, importId, { task, model, source }, golds, gold));
    await tx.append('trace_body', bodyColumns(placed, golds));
    const rationales = gold === null ? [] : await appendGold(tx, placed, golds, gold);
    return {
      imported: placed.length,
      batch: {
        problems: newProblems.map(({ of }, i) => ({ seq: of.problem, text: prompts[i] as string })),
        traces: placed.length,
        blocks: indexed,
        rationales,
      },
    };
  }
}

/** The files' own labels, as judgements of {@link IMPORTED_GOLD}, whose code is `judge`. @returns their rationales */
const appendGold = async (
  tx: Writer,
  placed: readonly Placed[],
  golds: Golds,
  judge: number,
): Promise<IndexBatch['rationales']> => {
  const gold = golds.flatMap((label, i) => (label ? [{ ...label, seq: (placed[i] as Placed).seq }] : []));
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
