import { client } from '../../app/trpc.ts';

export interface SqlLimits {
  /** 1..100,000. */
  maxRows: number;
  /** 10..60,000. */
  timeoutMs: number;
}

export const LIMITS: SqlLimits = { maxRows: 10_000, timeoutMs: 15_000 };

// The views are what people ask about, so they come before the tables that they are made of. The program's own tables
// cannot be asked (`packages/store/src/sql-guard.ts`).
const COLUMNS = `SELECT c.table_name, c.column_name, c.data_type
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE table_schema = 'main' AND table_name NOT IN ('run', 'setting', 'migration')
ORDER BY t.table_type <> 'VIEW', c.table_name, c.ordinal_position`;

/** What the SQL tab asks of the server; the only file of this feature that knows procedure names. */
export const sqlServer = {
  query: (text: string, limits: SqlLimits) => client.sql.query.mutate({ text, ...limits }),
  /** Tables and views with their columns, in the order of the table. */
  schema: async (): Promise<{ table: string; columns: { name: string; type: string }[] }[]> => {
    const { rows } = await client.sql.query.mutate({ text: COLUMNS, maxRows: 10_000, timeoutMs: 15_000 });
    const tables = new Map<string, { name: string; type: string }[]>();
    for (const row of rows) {
      const [table, name, type] = row.map(String);
      if (table === undefined || name === undefined) continue;
      const columns = tables.get(table) ?? [];
      columns.push({ name, type: type ?? '' });
      tables.set(table, columns);
    }
    return [...tables].map(([table, columns]) => ({ table, columns }));
  },
};

export type SqlResult = Awaited<ReturnType<typeof sqlServer.query>>;
