import { DuckDBInstance } from '@duckdb/node-api';

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

export interface Baselines {
  /** DuckDB reads the same file into a plain table: no ids, no duplicates told, no index. Seconds. */
  importSeconds: number;
  /** The same facets as one GROUP BY each over that table's text columns. Milliseconds. */
  facetsMs: number;
  /** A scan for a word over the texts. Milliseconds. */
  searchMs: number;
}

/** What the same machine does in the same run without anything of ours, in an in-memory DuckDB with its own settings. */
export const measureBaselines = async (file: string, term: string): Promise<Baselines> => {
  const instance = await DuckDBInstance.create(':memory:');
  const c = await instance.connect();
  const importMs = await timed(() =>
    c.run(
      `CREATE TABLE plain AS SELECT * FROM read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited')`,
    ),
  );
  const columns = ['task', 'model', 'correct', 'label', 'len(steps)', 'level', 'reference'];
  const facetsMs = await timed(async () => {
    for (const column of columns)
      await c.runAndReadAll(`SELECT ${column} AS v, count(*) FROM plain WHERE NOT correct GROUP BY v`);
  });
  const searchMs = await timed(() =>
    c.runAndReadAll('SELECT count(*) FROM plain WHERE contains(lower(array_to_string(steps, chr(10))), $1)', [
      term,
    ]),
  );
  c.closeSync();
  instance.closeSync();
  return { importSeconds: importMs / 1000, facetsMs, searchMs };
};
