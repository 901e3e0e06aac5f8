import { Kbd } from '@flywheel/ui/kbd.tsx';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { toCsv } from './csv.ts';
import { readHistory, remember } from './history.ts';
import { ResultGrid } from './result-grid.tsx';
import { SchemaSidebar } from './schema-sidebar.tsx';
import { LIMITS, sqlServer } from './server.ts';
import './sql.css';
import { errorPlace, shortMessage } from './sql-error.ts';

const SqlEditor = lazy(() => import('./sql-editor.tsx'));

export interface SqlPageProps {
  /** The statement of the URL. */
  text: string;
  /** A statement was run: for the URL. */
  onRan: (text: string) => void;
}

const FIRST = 'SELECT model, outcome, count(*) AS traces\nFROM traces\nGROUP BY ALL\nORDER BY ALL';

const download = (name: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};

/** One read-only statement, its result, and what there is to ask about. */
export const SqlPage = (p: SqlPageProps) => {
  const [load, setLoad] = useState(() => ({ id: 0, text: p.text || FIRST }));
  const [text, setText] = useState(load.text);
  const put = (next: string): void => setLoad((was) => ({ id: was.id + 1, text: next }));
  const [history, setHistory] = useState(() => readHistory(localStorage));
  const schema = useQuery({ queryKey: ['sql', 'schema'], queryFn: sqlServer.schema });
  const run = useMutation({ mutationFn: (statement: string) => sqlServer.query(statement, LIMITS) });
  const start = (): void => {
    const statement = text.trim();
    if (statement === '' || run.isPending) return;
    p.onRan(text);
    run.mutate(text, { onSuccess: () => setHistory(remember(localStorage, statement)) });
  };
  const ran = run.variables ?? '';
  const error = useMemo(
    () =>
      run.error && { place: errorPlace(ran, run.error.message), message: shortMessage(run.error.message) },
    [run.error, ran],
  );
  const words = useMemo(
    () => [...new Set(schema.data?.flatMap((t) => [t.table, ...t.columns.map((c) => c.name)]) ?? [])],
    [schema.data],
  );
  const result = run.data;
  return (
    <div className="sql">
      <SchemaSidebar
        tables={schema.data ?? []}
        problem={schema.error ? `The tables could not be listed: ${schema.error.message}` : null}
        history={history}
        onInsert={(word) => put(`${text}${/\s$/.test(text) || text === '' ? '' : ' '}${word}`)}
        onOpen={put}
      />
      <div className="sql-main">
        <Suspense fallback={<p className="t3 sql-state">Loading the editor…</p>}>
          <SqlEditor load={load} onText={setText} onRun={start} error={error} words={words} />
        </Suspense>
        <div className="sql-bar">
          <button type="button" className="btn primary" disabled={run.isPending} onClick={start}>
            Run <Kbd keys="mod+Enter" />
          </button>
          <span className="t3">
            read-only, at most {LIMITS.maxRows.toLocaleString('en')} rows and {LIMITS.timeoutMs / 1000} s
          </span>
          <span className="grow" />
          {result && !run.isPending && (
            <>
              <span role="status">
                {result.rows.length.toLocaleString('en')} rows
                {result.truncated && <span className="warn"> (cut at the limit)</span>},{' '}
                {Math.round(result.milliseconds)} ms
              </span>
              <button
                type="button"
                className="btn"
                onClick={() =>
                  download(
                    'result.csv',
                    toCsv(
                      result.columns.map((c) => c.name),
                      result.rows,
                    ),
                  )
                }
              >
                Export CSV
              </button>
            </>
          )}
        </div>
        {run.isPending ? (
          <p className="t3 sql-state">Running…</p>
        ) : error ? (
          <p className="bad sql-state" role="alert">
            {error.message}
            {error.place && (
              <span className="t3">
                {' '}
                line {error.place.line}, column {error.place.column}
              </span>
            )}
          </p>
        ) : result === undefined ? (
          <p className="t3 sql-state">Results appear here. Run the statement above with mod+Enter.</p>
        ) : result.rows.length === 0 ? (
          <p className="t3 sql-state">The statement selects no rows.</p>
        ) : (
          <ResultGrid columns={result.columns} rows={result.rows} />
        )}
      </div>
    </div>
  );
};
