export interface SchemaSidebarProps {
  tables: readonly { table: string; columns: readonly { name: string; type: string }[] }[];
  history: readonly string[];
  problem: string | null;
  onInsert: (text: string) => void;
  onOpen: (statement: string) => void;
}

/** Tables with their columns, and what was run before; a click puts it into the editor. */
export const SchemaSidebar = (p: SchemaSidebarProps) => (
  <aside className="sql-side" aria-label="Schema and history" tabIndex={0}>
    <h2>Tables</h2>
    {p.problem && <p className="bad">{p.problem}</p>}
    {p.tables.map(({ table, columns }) => (
      <details key={table}>
        <summary>
          <span className="mono">{table}</span> <span className="t3">{columns.length}</span>
        </summary>
        <ul>
          {columns.map((c) => (
            <li key={c.name}>
              <button type="button" className="mono" onClick={() => p.onInsert(c.name)}>
                {c.name}
              </button>
              <span className="t3">{c.type.toLowerCase()}</span>
            </li>
          ))}
        </ul>
      </details>
    ))}
    <h2>History</h2>
    {p.history.length === 0 && <p className="t3">Statements that you run are kept here, in this browser.</p>}
    <ul className="sql-history">
      {p.history.map((text) => (
        <li key={text}>
          <button type="button" className="mono" title={text} onClick={() => p.onOpen(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  </aside>
);
