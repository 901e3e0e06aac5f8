import type { DuckDBValue } from '@duckdb/node-api';
import type { RunSpend } from '@flywheel/domain/critique';
import type { RunId } from '@flywheel/domain/ids';
import type { Row } from './database.ts';
import { FAILED } from './run-items.ts';

/** What a retry threw away, as far as it was paid for: part of the run's spend for good, or a budget could be passed. */
type Reopened = Pick<RunSpend, 'calls' | 'inputTokens' | 'outputTokens' | 'cost'>;

/** What the answers cost that a run keeps, and the tries of those items that failed. */
export const keptSpend = async (
  all: (sql: string, values?: DuckDBValue[]) => Promise<Row[]>,
  id: RunId,
): Promise<RunSpend> => {
  const [row] = await all(
    `SELECT (coalesce(sum(attempts) FILTER (NOT cached), 0)
         + (SELECT coalesce(sum((detail ->> '$.attempts')::INTEGER), 0) FROM run_result WHERE run = $1 AND state = ${FAILED}))::INTEGER AS calls,
       count(*) FILTER (cached)::INTEGER AS cached, count(*) FILTER (position IS NULL)::INTEGER AS "parseFailures",
       coalesce(sum(input_tokens) FILTER (NOT cached), 0)::DOUBLE AS "inputTokens",
       coalesce(sum(output_tokens) FILTER (NOT cached), 0)::DOUBLE AS "outputTokens",
       sum(cost) FILTER (NOT cached) AS cost
     FROM run_answer WHERE run = $1`,
    [id],
  );
  return row as unknown as RunSpend;
};

export const reopenedOf = (row: Row | undefined): Reopened | null =>
  typeof row?.reopened === 'string' ? (JSON.parse(row.reopened) as Reopened) : null;

/** What `before` has over `after`; a cost that was unknown stays unknown. */
export const difference = (before: RunSpend, after: RunSpend): RunSpend => ({
  calls: before.calls - after.calls,
  cached: 0,
  parseFailures: 0,
  inputTokens: before.inputTokens - after.inputTokens,
  outputTokens: before.outputTokens - after.outputTokens,
  cost: before.cost === null ? null : before.cost - (after.cost ?? 0),
});

export const addReopened = (spend: RunSpend, reopened: Reopened | null): RunSpend =>
  reopened === null
    ? spend
    : {
        ...spend,
        calls: spend.calls + reopened.calls,
        inputTokens: spend.inputTokens + reopened.inputTokens,
        outputTokens: spend.outputTokens + reopened.outputTokens,
        cost: spend.cost === null && reopened.cost === null ? null : (spend.cost ?? 0) + (reopened.cost ?? 0),
      };
