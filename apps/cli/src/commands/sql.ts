import type { JsonValue } from '@flywheel/domain/trace';
import type { Command } from 'commander';
import { type Common, perform, workspaceCommand } from '../perform.ts';

/** A cell of tab-separated text: what would break the line is escaped as JSON does it. */
const cell = (value: JsonValue): string => {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/[\\\t\r\n]/g, (c) => JSON.stringify(c).slice(1, -1));
};

export const addSql = (program: Command): void => {
  workspaceCommand(program, 'sql <query>', 'run one read-only statement of DuckDB’s SQL')
    .addHelpText(
      'after',
      "\nViews: traces, problems, steps, judgements. At most 10,000 rows, 15 s.\n\n  flywheel sql 'SELECT model, outcome, count(*) FROM traces GROUP BY ALL'",
    )
    .action((text: string, o: Common) =>
      perform(
        o,
        async (connection) => {
          const { columns, rows, truncated } = await connection.api.sql.query.mutate({ text });
          if (truncated)
            process.stderr.write(
              `flywheel: only the first ${rows.length} rows; narrow the statement with LIMIT.\n`,
            );
          return { columns, rows, truncated };
        },
        ({ columns, rows }) =>
          [columns.map((c) => c.name).join('\t'), ...rows.map((row) => row.map(cell).join('\t'))].join('\n'),
      ),
    );
};
