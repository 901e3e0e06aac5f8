import { useState } from 'react';
import {
  canRedo,
  canUndo,
  current,
  type FilterHistory,
  move,
  startHistory,
  visit,
} from './filter-history.ts';

/** Undo and redo of the query, whoever changes it: the facets, the bar, or the browser's own history. */
export const useFilterHistory = (query: string, onQuery: (query: string) => void) => {
  const [kept, setKept] = useState<FilterHistory>(() => startHistory(query));
  const history = visit(kept, query);
  // Adjusting state while rendering, as React asks for state that follows a prop.
  if (history !== kept) setKept(history);
  const go = (by: -1 | 1) => () => {
    const next = move(history, by);
    if (next === history) return;
    setKept(next);
    onQuery(current(next));
  };
  return { undo: canUndo(history) ? go(-1) : null, redo: canRedo(history) ? go(1) : null };
};
