/** The queries that were on, in order; `at` is the one that is. */
export interface FilterHistory {
  readonly queries: readonly string[];
  readonly at: number;
}

const KEPT = 200;

export const startHistory = (query: string): FilterHistory => ({ queries: [query], at: 0 });

/** A new query: what had been undone before is forgotten. The same query again changes nothing. */
export const visit = (h: FilterHistory, query: string): FilterHistory => {
  if (h.queries[h.at] === query) return h;
  const queries = [...h.queries.slice(0, h.at + 1), query].slice(-KEPT);
  return { queries, at: queries.length - 1 };
};

/** Moves by -1 (undo) or +1 (redo); at an end it stays. */
export const move = (h: FilterHistory, by: -1 | 1): FilterHistory => {
  const at = h.at + by;
  return at < 0 || at >= h.queries.length ? h : { ...h, at };
};

export const current = (h: FilterHistory): string => h.queries[h.at] ?? '';
export const canUndo = (h: FilterHistory): boolean => h.at > 0;
export const canRedo = (h: FilterHistory): boolean => h.at < h.queries.length - 1;
