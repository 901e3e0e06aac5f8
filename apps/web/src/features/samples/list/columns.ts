import type { Sort, SortKey } from '@flywheel/domain/facet';

/** The columns of the table in order; where there is little room, the last ones go first. */
export const COLUMNS: readonly {
  id: string;
  title: string;
  sort: SortKey;
  numeric?: true;
}[] = [
  { id: 'problem', title: 'Problem', sort: 'problem' },
  { id: 'model', title: 'Model', sort: 'model' },
  { id: 'strip', title: 'Steps', sort: 'steps' },
  { id: 'flaw', title: 'Flaw', sort: 'category' },
  { id: 'error', title: 'First error', sort: 'error' },
  { id: 'agreement', title: 'V C L H', sort: 'conflict' },
  { id: 'outcome', title: 'Outcome', sort: 'outcome' },
  { id: 'answer', title: 'Answer', sort: 'answer', numeric: true },
  { id: 'reference', title: 'Reference', sort: 'reference', numeric: true },
];

export const ARRIVAL: Sort = { key: 'arrival', descending: false };

/** A click on a column: up, then down, then back to the order of arrival. */
export const nextSort = (now: Sort, key: SortKey): Sort =>
  now.key !== key ? { key, descending: false } : now.descending ? ARRIVAL : { key, descending: true };

/** A sort as it stands in the URL: `steps`, `-steps`, or nothing for the order of arrival. */
export const printSort = (s: Sort): string =>
  s.key === 'arrival' ? '' : `${s.descending ? '-' : ''}${s.key}`;

/** Reads {@link printSort}'s text; what is unknown is the order of arrival. */
export const parseSort = (text: string): Sort => {
  const key = COLUMNS.find((c) => c.sort === text.replace(/^-/, ''))?.sort;
  return key ? { key, descending: text.startsWith('-') } : ARRIVAL;
};
