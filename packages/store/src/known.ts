import type { Database } from './database.ts';
import { IdTable } from './id-table.ts';
import type { Names } from './names.ts';

/** Ids as two halves, so that a million rows arrive as numbers and not as strings. */
const HALVES = `('0x' || id[1:8])::UINTEGER AS high, ('0x' || id[9:16])::UINTEGER AS low`;

/** Known ids and the next row numbers, in memory: telling a duplicate costs one look-up. */
export class Known {
  readonly traces: IdTable;
  /** A problem's id to its row number. */
  readonly problems: IdTable;
  /** The next ordinal of each task. */
  readonly ordinals = new Map<string, number>();
  nextTrace = 0;
  nextProblem = 0;

  private constructor(traces: number, problems: number) {
    this.traces = new IdTable(traces);
    this.problems = new IdTable(problems);
  }

  static async load(db: Database, names: Names): Promise<Known> {
    const [size] = await db.all(
      'SELECT (SELECT count(*) FROM trace)::INTEGER AS traces, (SELECT count(*) FROM problem)::INTEGER AS problems',
    );
    const known = new Known(size?.traces as number, size?.problems as number);
    known.nextTrace = await fill(db, known.traces, 'trace');
    known.nextProblem = await fill(db, known.problems, 'problem');
    for (const row of await db.all(
      'SELECT task, max(ordinal)::INTEGER + 1 AS next FROM problem GROUP BY task',
    ))
      known.ordinals.set(names.name('task', row.task as number), row.next as number);
    for (const row of await db.all("SELECT key, value::INTEGER AS n FROM setting WHERE key LIKE 'next%'")) {
      if (row.key === 'next_trace') known.nextTrace = Math.max(known.nextTrace, row.n as number);
      else known.nextProblem = Math.max(known.nextProblem, row.n as number);
    }
    return known;
  }
}

/** Reads a table's ids into the map. @returns the row number after the highest */
const fill = (db: Database, ids: IdTable, table: 'trace' | 'problem'): Promise<number> =>
  db.reading(async (c) => {
    let next = 0;
    const result = await c.stream(`SELECT seq, ${HALVES} FROM ${table}`);
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const [seqs, highs, lows] = [0, 1, 2].map((i) => chunk?.getColumnValues(i) as number[]) as [
        number[],
        number[],
        number[],
      ];
      for (let i = 0; i < seqs.length; i++) {
        const seq = seqs[i] as number;
        ids.addHalves(highs[i] as number, lows[i] as number, seq);
        if (seq >= next) next = seq + 1;
      }
    }
    return next;
  });
