import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestTrace } from '@flywheel/domain/ingest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

const LIMITS = { maxRows: 50, timeoutMs: 20_000 };
const SECRET = 'flywheel-test-secret';

const hex = (n: number) => n.toString(16).padStart(16, '0');
const record = (n: number): IngestTrace => ({
  id: hex(n),
  problemId: hex(100 + (n % 2)),
  task: n % 2 ? 'odd' : 'even',
  prompt: `Problem ${n % 2}`,
  reference: '9',
  model: n < 3 ? 'small' : 'big',
  source: 'test',
  given: n === 1 ? 'right' : 'wrong',
  answer: String(n),
  steps: [`First ${n}`, `Then ${n * 2}`],
  extra: { level: n, deep: { odd: n % 2 === 1 } },
  ...(n === 2 ? { gold: { position: 1, labels: [1, -1] } } : {}),
});

let home: string;
let outside: string;
let store: Store;
const ask = async (text: string) => (await store.sql.query(text, LIMITS)).rows;

beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'flywheel-outside-'));
  writeFileSync(join(outside, 'data.csv'), `a,b\n${SECRET},2\n`);
  home = mkdtempSync(join(tmpdir(), 'flywheel-sql-'));
  process.env.FLYWHEEL_TEST_SECRET = SECRET;
  store = await openStore(home);
  const id = await store.imports.begin({ title: 'sql', mapping: {} });
  await store.imports.write(id, [1, 2, 3, 4].map(record));
  await store.imports.finish(id, 'done', { imported: 4, duplicates: 0, rejected: 0, rejectsFile: null });
  await store.runs.create({
    kind: 'import',
    title: 'data.csv',
    subject: 'data.csv',
    fingerprint: 'f',
    config: { files: [join(outside, 'data.csv')] },
  });
});
afterAll(async () => {
  await store.close();
  for (const folder of [home, outside]) rmSync(folder, { recursive: true, force: true });
  delete process.env.FLYWHEEL_TEST_SECRET;
});

describe('SQL for users reads', () => {
  it('[S13] the views, within the row limit', async () => {
    const result = await store.sql.query(
      'SELECT id, task, outcome, steps[1] AS s FROM traces ORDER BY id; -- the end',
      { ...LIMITS, maxRows: 3 },
    );
    expect(result.columns).toEqual([
      { name: 'id', type: 'VARCHAR' },
      { name: 'task', type: 'VARCHAR' },
      { name: 'outcome', type: 'VARCHAR' },
      { name: 's', type: 'VARCHAR' },
    ]);
    expect(result.rows[0]).toEqual([hex(1), 'odd', 'right', 'First 1']);
    expect(result.truncated).toBe(true);
    expect(result.rows).toHaveLength(3);
  });

  it.each([
    // Joins over the four views.
    [
      `SELECT p.task, j.verdict, s.text FROM problems p JOIN traces t ON t.problem_id = p.id
         JOIN judgements j ON j.trace_id = t.id JOIN steps s ON s.trace_id = t.id AND s.step = j.first_error`,
      [['even', 'flawed', 'Then 4']],
    ],
    [
      'SELECT id, rank() OVER (PARTITION BY task ORDER BY answer DESC) AS r, lag(answer) OVER w FROM traces WINDOW w AS (ORDER BY id) ORDER BY id LIMIT 2',
      [
        [hex(1), '2', null],
        [hex(2), '2', '1'],
      ],
    ],
    ['SELECT model, outcome, count(*) FROM traces GROUP BY ALL ORDER BY ALL', expect.any(Array)],
    [
      `SELECT model, count(*) FROM traces GROUP BY model HAVING count(*) > 1 ORDER BY model`,
      [
        ['big', '2'],
        ['small', '2'],
      ],
    ],
    ['SELECT sum(len(step)) FROM (SELECT unnest(steps) AS step FROM traces)', [['52']]],
    [`SELECT count(*) FROM traces t, unnest(t.steps) AS u(step) WHERE u.step LIKE 'First%'`, [['4']]],
    [
      `SELECT (extra->>'level')::INTEGER AS level, json_extract(extra, '$.deep.odd')::BOOLEAN FROM traces ORDER BY 1 LIMIT 1`,
      [[1, true]],
    ],
    [
      `SELECT e.key, count(*) FROM traces t, json_each(t.extra) e GROUP BY ALL ORDER BY ALL`,
      [
        ['deep', '4'],
        ['level', '4'],
      ],
    ],
    [
      'WITH big AS (SELECT * FROM traces WHERE model = $$big$$), n AS (SELECT count(*) AS n FROM big) SELECT n FROM n',
      [['2']],
    ],
    [
      'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT sum(n) FROM r',
      [['10']],
    ],
    ['FROM traces SELECT count(*) WHERE reviewed = false', [['4']]],
    ['SELECT count(*) FROM main.traces UNION ALL SELECT count(*) FROM flywheel.main.steps', [['4'], ['8']]],
    [
      "PIVOT traces ON model IN ('big', 'small') USING count(*) GROUP BY task ORDER BY task",
      expect.any(Array),
    ],
    ['SELECT range FROM range(3)', [['0'], ['1'], ['2']]],
    [
      "SELECT list_transform([1, 2], lambda x: x + 1), regexp_extract('a1', '\\d'), round(1.25, 1)",
      expect.any(Array),
    ],
    [
      'SELECT quantile_cont(n_steps, 0.5), mode(task), approx_count_distinct(id) FROM traces',
      expect.any(Array),
    ],
    ['SELECT count(*) FROM traces USING SAMPLE 2 ROWS', [['2']]],
    ['SELECT count(*) FROM trace_tag', [['0']]],
    ["VALUES (1, 'a')", [[1, 'a']]],
    [
      "SELECT 'PRAGMA database_list; SELECT getenv(''HOME'')' AS text",
      [["PRAGMA database_list; SELECT getenv('HOME')"]],
    ],
    ['/* a /* nested */ comment */ SELECT 1 -- and one more', [[1]]],
  ])('[S16] %s', async (text, expected) => {
    const rows = await ask(text);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(expected);
  });

  it('[S16] what there is, and how a query runs', async () => {
    expect((await ask('DESCRIBE traces')).map(([name]) => name)).toContain('n_steps');
    expect((await ask('SUMMARIZE SELECT n_steps FROM traces'))[0]?.[0]).toBe('n_steps');
    expect((await ask('SHOW TABLES')).flat()).toContain('traces');
    expect(
      await ask(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'steps' ORDER BY 1 LIMIT 1",
      ),
    ).toEqual([['model']]);
    // What the SQL tab asks for its list of tables.
    const listed = await ask(`SELECT c.table_name, c.column_name, c.data_type
      FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE table_schema = 'main' ORDER BY t.table_type <> 'VIEW', c.table_name, c.ordinal_position LIMIT 1`);
    expect(listed).toEqual([['judgements', 'trace_id', 'VARCHAR']]);
    for (const text of [
      'EXPLAIN SELECT * FROM traces',
      'explain analyze (SELECT 1)',
      'EXPLAIN (FORMAT json) FROM steps',
    ])
      expect((await ask(text)).length).toBeGreaterThan(0);
  });
});

/** What must not be asked, and the word of the message that says why. */
const REFUSED: [text: string, names: string | RegExp][] = [
  // Writing.
  ["COPY trace TO '/tmp/out.csv'", 'COPY'],
  ["EXPORT DATABASE '/tmp/out'", 'EXPORT'],
  ["IMPORT DATABASE '/tmp/out'", 'IMPORT'],
  ['DELETE FROM trace', 'DELETE'],
  ["INSERT INTO name SELECT 'task', 9, 'x'", 'INSERT'],
  ['UPDATE trace SET flagged = true', 'UPDATE'],
  ['CREATE TABLE x (a INTEGER)', 'CREATE'],
  ['CREATE TEMP TABLE x AS SELECT 1', 'CREATE'],
  ['CREATE OR REPLACE MACRO f(x) AS current_setting(x)', 'CREATE'],
  ['DROP VIEW traces', 'DROP'],
  ['ALTER TABLE trace ADD COLUMN x INTEGER', 'ALTER'],
  ['BEGIN', 'BEGIN'],
  ['COMMIT', 'COMMIT'],
  ['VACUUM', 'VACUUM'],
  ['CHECKPOINT', 'CHECKPOINT'],
  ['FORCE CHECKPOINT', 'FORCE'],
  ['WITH x AS (SELECT 1) INSERT INTO name SELECT 1, 1, 1', 'Only SELECT'],
  ['WITH x AS (DELETE FROM trace RETURNING id) SELECT * FROM x', /./],
  ['EXPLAIN ANALYZE DELETE FROM trace', 'DELETE'],
  ['explain /* x */ analyze insert into name values (1, 1, 1)', 'INSERT'],
  ["SELECT nextval('run_id')", 'nextval'],
  ["SELECT write_log('x')", 'write_log'],
  ['SELECT setseed(0.5)', 'setseed'],
  ['SELECT pg_sleep(60)', 'pg_sleep'],
  ['FROM checkpoint()', 'checkpoint'],
  ['SELECT * FROM force_checkpoint()', 'force_checkpoint'],
  ['FROM enable_logging()', 'enable_logging'],
  ['FROM truncate_duckdb_logs()', 'truncate_duckdb_logs'],
  // Several statements, and none.
  ['SELECT 1; DELETE FROM trace', 'one statement'],
  ['SELECT 1; SELECT 2', 'this has 2'],
  ['SELECT 1;;PRAGMA database_list', 'one statement'],
  ['', 'this has 0'],
  ['-- nothing', 'this has 0'],
  ['not sql at all', /syntax error/i],
  ['SELECT nope FROM traces', /nope[\s\S]*LINE 1[\s\S]*\^/],
  ['SELECT * FROM tracs', /tracs[\s\S]*Did you mean/],
  // Settings.
  ["SET memory_limit = '1GB'", 'SET'],
  ['RESET memory_limit', 'RESET'],
  ['SET VARIABLE x = 1', 'SET'],
  ['INSTALL httpfs', 'INSTALL'],
  ['LOAD httpfs', 'LOAD'],
  ["ATTACH '/tmp/other.duckdb'", 'ATTACH'],
  ['DETACH flywheel', 'DETACH'],
  ['USE temp', 'USE'],
  ['PRAGMA database_list', 'PRAGMA'],
  ["PRAGMA memory_limit = '10GB'", 'PRAGMA'],
  ['CALL pragma_database_size()', 'CALL'],
  ["-- a comment\n/* /* and */ another */ ; PRAGMA storage_info('trace')", 'PRAGMA'],
  ['/**/pragma/**/database_list', 'PRAGMA'],
  ["SELECT current_setting('temp_directory')", 'current_setting'],
  ["SELECT 'temp_directory'.current_setting()", 'current_setting'],
  ["SELECT system.main.current_setting('temp_directory')", 'current_setting'],
  ['SELECT "CURRENT_SETTING"(\'temp_directory\')', 'current_setting'],
  ["SELECT cur/**/rent_setting('temp_directory')", /./],
  ["SELECT list_transform(['temp_directory'], lambda x: current_setting(x))", 'current_setting'],
  ["SELECT id FROM traces ORDER BY current_setting('temp_directory')", 'current_setting'],
  ["SELECT * FROM range(1) WHERE (SELECT current_setting('temp_directory')) <> ''", 'current_setting'],
  [
    "SELECT count(*) FILTER (WHERE current_setting('temp_directory') = '') OVER () FROM traces",
    'current_setting',
  ],
  ["SELECT getvariable('x')", 'getvariable'],
  ['FROM duckdb_settings()', 'duckdb_settings'],
  ['FROM pg_catalog.pg_settings', 'pg_settings'],
  ['FROM pg_settings', 'pg_settings'],
  ['FROM duckdb_secrets()', 'duckdb_secrets'],
  ['SHOW DATABASES', 'databases'],
  // Files, paths and the environment.
  ['FROM duckdb_databases()', 'duckdb_databases'],
  ['FROM duckdb_databases', 'duckdb_databases'],
  ['FROM "DuckDB_Databases"', 'duckdb_databases'],
  ['DESCRIBE FROM duckdb_databases()', 'duckdb_databases'],
  ['SUMMARIZE pragma_database_list', 'pragma_database_list'],
  ['WITH x AS (SELECT * FROM duckdb_databases()) SELECT path FROM x', 'duckdb_databases'],
  ['SELECT (SELECT max(path) FROM duckdb_databases())', 'duckdb_databases'],
  ['SELECT (SELECT max(path) FROM (WITH y AS (FROM duckdb_databases()) FROM y))', 'duckdb_databases'],
  ['SELECT EXISTS (FROM pragma_database_list())', 'pragma_database_list'],
  ['SELECT 1 UNION ALL SELECT path FROM duckdb_databases()', 'duckdb_databases'],
  ['EXPLAIN ANALYZE SELECT path FROM duckdb_databases()', 'duckdb_databases'],
  ['SELECT /* FROM traces */ path FROM/**/duckdb_databases /* */ ()', 'duckdb_databases'],
  ['PIVOT duckdb_databases() ON internal IN (true) USING max(path)', 'duckdb_databases'],
  ['SELECT (WITH duckdb_databases AS (SELECT 1) SELECT 1), path FROM duckdb_databases', 'duckdb_databases'],
  ['FROM system.main.pragma_database_list', 'pragma_database_list'],
  ["FROM pragma_storage_info('trace')", 'pragma_storage_info'],
  ['FROM pragma_database_size()', 'pragma_database_size'],
  ["SELECT get_block_size('flywheel')", 'get_block_size'],
  ["FROM query('FROM duckdb_databases()')", 'query'],
  ["FROM query_table('duckdb_databases')", 'query_table'],
  ['FROM histogram(duckdb_databases, path)', 'histogram'],
  [
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM duckdb_databases()'))",
    'json_execute_serialized_sql',
  ],
  ["SELECT json_serialize_plan('FROM duckdb_databases()')", 'json_serialize_plan'],
  ["SELECT getenv('HOME')", 'getenv'],
  ["SELECT getenv('FLYWHEEL_TEST_SECRET')", 'getenv'],
  ["FROM glob('/etc/*')", 'glob'],
  ["FROM read_text('/etc/passwd')", 'read_text'],
  ["FROM read_blob('/etc/passwd')", 'read_blob'],
  ["FROM read_csv('OUTSIDE/data.csv')", 'read_csv'],
  ["FROM read_csv_auto(['OUTSIDE/data.csv'])", 'read_csv_auto'],
  ["FROM read_json('OUTSIDE/data.csv')", 'read_json'],
  ["FROM read_parquet('OUTSIDE/data.parquet')", 'read_parquet'],
  ["FROM parquet_metadata('OUTSIDE/data.parquet')", 'parquet_metadata'],
  ["FROM sniff_csv('OUTSIDE/data.csv')", 'sniff_csv'],
  ["FROM sql_auto_complete('SELECT * FROM ''/')", 'sql_auto_complete'],
  ["FROM '/etc/passwd'", '/etc/passwd'],
  ["FROM 'OUTSIDE/data.csv'", 'data.csv'],
  ['FROM "OUTSIDE/data.csv"', 'data.csv'],
  ["SELECT * FROM traces, 'OUTSIDE/data.csv'", 'data.csv'],
  ["DESCRIBE 'OUTSIDE/data.csv'", 'data.csv'],
  ["SELECT 'it''s', (SELECT b FROM 'OUTSIDE/data.csv')", 'data.csv'],
  ["FROM 'https://example.com/x.parquet'", 'example.com'],
  // Tables that are the program's own.
  ['SELECT config FROM run', 'run'],
  ['SUMMARIZE run', 'run'],
  ['SELECT config FROM main."RUN"', 'run'],
  ['SELECT * FROM setting', 'setting'],
];

describe('SQL for users refuses', () => {
  it.each(REFUSED)('[S14] %s', async (text, names) => {
    const error = await store.sql.query(text.replaceAll('OUTSIDE', outside), LIMITS).then(
      (result) => new Error(`It was answered: ${JSON.stringify(result.rows).slice(0, 300)}`),
      (e: Error) => e,
    );
    expect(error.name).toBe('StoreError');
    expect(error.message).toMatch(names);
    for (const hidden of [home, SECRET]) expect(error.message).not.toContain(hidden);
  });

  it.each([
    ['SELECT id,\n  current_setting(id)\nFROM traces', 'LINE 2:   current_setting(id)\n          ^'],
    [
      "SELECT 'é', getvariable('x') FROM run",
      "LINE 1: SELECT 'é', getvariable('x') FROM run\n                    ^",
    ],
    ['FROM run', 'LINE 1: FROM run\n             ^'],
    ['DESCRIBE run', 'LINE 1: DESCRIBE run\n                 ^'],
    ['-- first\n  DELETE FROM trace', 'LINE 2:   DELETE FROM trace\n          ^'],
    ['EXPLAIN\nFROM run', 'LINE 2: FROM run\n             ^'],
    ["SELECT ';' ;\n SELECT 2", 'LINE 2:  SELECT 2\n         ^'],
    ['WITH run AS (SELECT 1) FROM run', 'LINE 1: WITH run AS (SELECT 1) FROM run\n             ^'],
    [
      `SELECT '${'x'.repeat(90)}', getvariable('y'), '${'z'.repeat(90)}'`,
      `LINE 1: ...${'x'.repeat(37)}', getvariable('y'), '${'z'.repeat(61)}...\n${' '.repeat(51)}^`,
    ],
  ])('[S14] %s is refused with its place', async (text, place) => {
    const error = await ask(text).catch((e: Error) => e);
    expect((error as Error).message.split('\n\n')[1]).toBe(place);
  });

  it('[S14] a statement with a NUL, behind which the parsers would part', async () => {
    await expect(ask('SELECT 1 \0; DELETE FROM trace')).rejects.toThrow('NUL');
  });

  it('[S14] and none of it left a trace', async () => {
    expect(await ask('SELECT count(*), count(*) FILTER (flagged) FROM traces')).toEqual([['4', '0']]);
    expect((await ask('SHOW TABLES')).flat()).not.toContain('x');
    expect(await ask("SELECT count(*) FROM name WHERE kind = 'task'")).toEqual([['2']]);
    expect(readdirSync(outside)).toEqual(['data.csv']);
    expect(() => statSync('/tmp/other.duckdb')).toThrow();
  });

  it('[S14] no table function that DuckDB has shows the home folder or writes to it', async () => {
    const functions = await (async () => {
      const { DuckDBInstance } = await import('@duckdb/node-api');
      const plain = await (await DuckDBInstance.create(':memory:')).connect();
      const reader = await plain.runAndReadAll(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type LIKE '%table%' ORDER BY 1",
      );
      return reader.getRowsJS().flat() as string[];
    })();
    expect(functions.length).toBeGreaterThan(80);
    const answered: string[] = [];
    for (const name of functions)
      for (const argument of ['', "'trace'", "'temp_directory'", '3'])
        await store.sql.query(`FROM "${name}"(${argument})`, { ...LIMITS, maxRows: 500 }).then(
          ({ rows }) => {
            answered.push(name);
            expect(JSON.stringify(rows)).not.toContain(home);
          },
          () => undefined,
        );
    expect([...new Set(answered)].sort()).toEqual([
      'generate_series',
      'icu_calendar_names',
      'json_each',
      'json_tree',
      'pg_timezone_names',
      'range',
    ]);
  });

  it('[S15] a query that runs too long is stopped, and the next one is answered', async () => {
    const slow = 'SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range % 7 = b.range % 5';
    await expect(store.sql.query(slow, { maxRows: 1, timeoutMs: 200 })).rejects.toThrow('longer than 0.2 s');
    expect(await ask('SELECT 1')).toEqual([[1]]);
  });

  it.each([
    ['parentheses', `SELECT ${'('.repeat(40_000)}1${')'.repeat(40_000)}`],
    ['operators', `SELECT ${'1+'.repeat(45_000)}1`],
    ['subqueries', `${'SELECT * FROM ('.repeat(3_000)}SELECT 1${')'.repeat(3_000)}`],
    ['negations', `SELECT ${'NOT '.repeat(20_000)}true`],
  ])('[S15] a text of nested %s does no harm', async (_, text) => {
    await store.sql.query(text, LIMITS).catch((e: Error) => expect(e.name).toBe('StoreError'));
    expect(await ask('SELECT 1')).toEqual([[1]]);
  });
});
