import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreError } from './database.ts';
import { type Place, placeOf, withPlace } from './sql-place.ts';

/** Table functions that make rows of their arguments alone; every other one shows files, settings or the machine. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'generate_series',
  'icu_calendar_names',
  'json_each',
  'json_tree',
  'pg_timezone_names',
  'range',
  'repeat',
  'repeat_row',
  'unnest',
]);

/** Scalar functions that read settings, sequences or plans, though DuckDB does not call them volatile. */
const INWARD = ['current_setting', 'getvariable', 'json_serialize_plan', 'parse_duckdb_log_message'];
/** Volatile only in that they give another value each time. */
const RANDOM: ReadonlySet<string> = new Set([
  'error',
  'gen_random_uuid',
  'random',
  'stats',
  'uuid',
  'uuidv4',
  'uuidv7',
]);

/** Tables that are the program's own: the configurations of runs name files of this machine. */
const HIDDEN: ReadonlySet<string> = new Set(['run', 'setting', 'migration']);
/** `SHOW TABLES` and `DESCRIBE` without a name, as the parser calls them. */
const LISTINGS: ReadonlySet<string> = new Set(['"tables"', '__show_tables_expanded']);

interface Rules {
  database: string;
  /** Tables and views of the workspace. */
  own: ReadonlySet<string>;
  /** DuckDB's own views, whatever their schema. */
  inner: ReadonlySet<string>;
  refused: ReadonlySet<string>;
}

type Node = Record<string, unknown>;

const READS = 'the SQL tab reads and never writes. Use the interface or the command line to change data.';
const LEADS = /^(select|with|from|values|table|describe|summarize|show)$/i;

/** The text from its first word on: comments (DuckDB nests them), blanks and semicolons in front are taken off. */
const withoutLead = (text: string): string => {
  let rest = text;
  for (;;) {
    rest = rest.replace(/^[\s;\uFEFF\u00A0]+/, '');
    if (rest.startsWith('--')) rest = rest.replace(/^--[^\r\n]*/, '');
    else if (rest.startsWith('/*')) {
      let depth = 0;
      let end = rest.length;
      for (const mark of rest.matchAll(/\/\*|\*\//g)) {
        depth += mark[0] === '/*' ? 1 : -1;
        if (depth === 0) {
          end = mark.index + 2;
          break;
        }
      }
      rest = rest.slice(end);
    } else return rest;
  }
};

const firstWord = (text: string): string => /^\w+/.exec(text)?.[0] ?? '';

/** Why a statement is refused, and where in it; null: it cannot be told. */
interface Refusal {
  why: string;
  at: Place | null;
}

const onlySelect = (text: string): Refusal => {
  const rest = withoutLead(text);
  const verb = firstWord(rest).toUpperCase();
  const at = text.length - rest.length;
  if (verb === 'PIVOT')
    return { why: 'Only SELECT is allowed here: write PIVOT with its values, `ON column IN (...)`.', at };
  if (verb === '' || LEADS.test(verb))
    return { why: `Only SELECT is allowed here, and one statement at a time: ${READS}`, at: null };
  return { why: `Only SELECT is allowed here, not ${verb}: ${READS}`, at };
};

/** Every object of a parsed statement, whatever holds it. */
function* nodesOf(root: unknown): Generator<Node> {
  const stack = [root];
  while (stack.length > 0) {
    const value = stack.pop();
    if (Array.isArray(value)) for (const item of value) stack.push(item);
    else if (typeof value === 'object' && value !== null) {
      yield value as Node;
      for (const item of Object.values(value)) stack.push(item);
    }
  }
}

const word = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');

/** Names that the statement's WITH clauses give. */
const cteNames = (root: unknown): Set<string> => {
  const names = new Set<string>();
  for (const node of nodesOf(root)) {
    const map = (node.cte_map as Node | undefined)?.map;
    if (Array.isArray(map)) for (const entry of map) names.add(word((entry as Node).key));
  }
  return names;
};

/**
 * Says what a user's SQL may ask. DuckDB's parser reads the text, so comments, quotes and nesting hide nothing;
 * what is asked of tables and functions is then looked up in DuckDB's catalog.
 */
export class SqlGuard {
  private rules: Promise<Rules> | null = null;

  /**
   * @returns the text to run: one statement that selects, or explains one that does
   * @throws StoreError that names what is refused, or with DuckDB's message when the text is no SQL
   */
  async admit(connection: DuckDBConnection, text: string): Promise<string> {
    // DuckDB would run the text up to here and parse it whole.
    if (text.includes('\0')) throw new StoreError('A statement has no NUL characters.');
    const explained = explain(text);
    const query = explained?.query ?? text;
    const refuse = ({ why, at }: Refusal): StoreError =>
      new StoreError(withPlace(why, text, at === null ? null : at + text.length - query.length));
    const parsed = await parse(connection, query);
    if ('why' in parsed) throw refuse(parsed);
    this.rules ??= readRules(connection);
    const rules = await this.rules.catch((error) => {
      this.rules = null;
      throw error;
    });
    const refusal = refusalOf(parsed.root, query, rules);
    if (refusal) throw refuse(refusal);
    return explained ? `${explained.head} ${query}` : text;
  }
}

/** An EXPLAIN's own words, and the statement behind them; null when it is something else. */
const explain = (text: string): { head: string; query: string } | null => {
  let rest = withoutLead(text);
  if (!/^explain\b/i.test(rest)) return null;
  let head = 'EXPLAIN';
  rest = withoutLead(rest.slice('explain'.length));
  if (/^analyze\b/i.test(rest)) {
    head += ' ANALYZE';
    rest = withoutLead(rest.slice('analyze'.length));
  }
  const format = /^\(\s*format\s+(\w+)\s*\)/i.exec(rest);
  if (!format) return { head, query: rest };
  return { head: `${head} (FORMAT ${format[1]})`, query: withoutLead(rest.slice(format[0].length)) };
};

/** The parsed statement, or why there is not one that selects. @throws DuckDB's message when the text is no SQL */
const parse = async (connection: DuckDBConnection, text: string): Promise<{ root: Node } | Refusal> => {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR) AS tree', [text]);
  const tree = JSON.parse(reader.getRowObjectsJS()[0]?.tree as string) as Node;
  if (tree.error === true) {
    if (tree.error_type === 'not implemented') return onlySelect(text);
    // Parsing it once more gives the message with its line and place.
    await connection.extractStatements(text);
    throw new StoreError(String(tree.error_message));
  }
  const [statement, second, ...more] = tree.statements as Node[];
  if (statement && !second) return { root: statement };
  const n = second ? 2 + more.length : 0;
  return {
    why: `Write one statement; this has ${n}. Run them one after another.`,
    at: second ? beginOf(second, text) : null,
  };
};

/** Where a statement begins that has another before it: behind the semicolon before its first expression. */
const beginOf = (statement: Node, text: string): Place | null => {
  let location = Number.POSITIVE_INFINITY;
  for (const node of nodesOf(statement))
    if (typeof node.query_location === 'number') location = Math.min(location, node.query_location);
  const first = placeOf(text, location);
  if (first === null) return null;
  const before = text.lastIndexOf(';', first) + 1;
  return before + text.slice(before).search(/\S/);
};

const readRules = async (connection: DuckDBConnection): Promise<Rules> => {
  const column = async (sql: string): Promise<Set<string>> =>
    new Set((await connection.runAndReadAll(sql)).getRowsJS().map(([name]) => word(name)));
  const [database] = await column('SELECT current_database()');
  const own = await column(
    `SELECT table_name FROM duckdb_tables() WHERE NOT internal
     UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal`,
  );
  for (const name of HIDDEN) own.delete(name);
  const inner = await column('SELECT view_name FROM duckdb_views() WHERE internal');
  const refused = await column(
    `SELECT function_name FROM duckdb_functions() WHERE function_type IN ('scalar', 'macro')
       AND (stability = 'VOLATILE' OR regexp_matches(macro_definition, '(duckdb|pragma|sleep)_\\w+\\('))`,
  );
  for (const name of RANDOM) refused.delete(name);
  for (const name of INWARD) refused.add(name);
  return { database: database ?? '', own, inner: new Set([...inner, ...HIDDEN]), refused };
};

/** The first place at which the statement asks for what it must not. */
const refusalOf = (root: Node, text: string, rules: Rules): Refusal | null => {
  const ctes = cteNames(root);
  for (const name of ctes)
    if (rules.inner.has(name))
      return {
        why: `"${name}" is the name of a table already: give this WITH another one.`,
        at: new RegExp(`\\b${name}\\b`, 'i').exec(text)?.index ?? null,
      };
  let first: { why: string; location: number } | null = null;
  for (const node of nodesOf(root)) {
    const why = whyNot(node, rules, ctes);
    if (why === null) continue;
    const location = typeof node.query_location === 'number' ? node.query_location : Number.POSITIVE_INFINITY;
    if (first === null || location < first.location) first = { why, location };
  }
  return first && { why: first.why, at: placeOf(text, first.location) };
};

const whyNot = (node: Node, rules: Rules, ctes: ReadonlySet<string>): string | null => {
  if (node.type === 'TABLE_FUNCTION')
    return tableFunction(word((node.function as Node | null)?.function_name));
  if (node.type === 'BASE_TABLE') return table(node, rules, ctes);
  if (node.type === 'SHOW_REF') return listing(word(node.table_name));
  return node.function_name !== undefined && rules.refused.has(word(node.function_name))
    ? `The function ${word(node.function_name)} is not allowed here: it looks into the program or changes it.`
    : null;
};

const tableFunction = (name: string): string | null =>
  TABLE_FUNCTIONS.has(name)
    ? null
    : `The table function ${name} is not allowed here: the SQL tab reads the workspace, no files and no settings. Allowed: ${[...TABLE_FUNCTIONS].join(', ')}.`;

const listing = (name: string): string | null =>
  name === '' || LISTINGS.has(name)
    ? null
    : `SHOW ${name.replaceAll('"', '')} is not allowed here. SHOW TABLES is.`;

const table = (node: Node, rules: Rules, ctes: ReadonlySet<string>): string | null => {
  const [catalog, schema, name] = [word(node.catalog_name), word(node.schema_name), word(node.table_name)];
  const unqualified = catalog === '' && schema === '';
  if (unqualified && ctes.has(name)) return null;
  const ours = catalog === '' || catalog === rules.database;
  if (ours && rules.own.has(name) && ['', 'main', rules.database].includes(schema)) return null;
  if (ours && schema === 'information_schema') return null;
  // DuckDB's message for a misspelt name proposes the right one; it opens no file in its place (`Database.open`).
  if (unqualified && !rules.inner.has(name) && /^\w+$/.test(name)) return null;
  return `${[catalog, schema, name].filter(Boolean).join('.')} is not allowed here: the SQL tab reads the tables and views of the workspace (SHOW TABLES).`;
};
