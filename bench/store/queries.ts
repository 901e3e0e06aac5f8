import type { SortKey } from '@flywheel/domain/facet';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { Store } from '@flywheel/store/store';
import { TERMS } from './generate.ts';

/** One kind of question that the interface asks, and its latencies in milliseconds. */
export interface Timed {
  work: string;
  times: number[];
}

const FILTERS = [
  '',
  'outcome:wrong',
  'task:gsm8k outcome:wrong',
  'model:base-7b,rl-7b steps:2..9',
  '-task:math error:0..3',
  'error:none outcome:right steps:5..',
  'task:tracking model:teacher',
  'reviewed:no conflict:no steps:..4',
];
const SORTS: readonly SortKey[] = ['arrival', 'steps', 'model', 'usefulness'];
const PAGE = 100;

/** Times 200 mixed questions, each kind spread over the filters; nothing is asked twice in the same words. */
export const askAll = async (store: Store, traces: number): Promise<Timed[]> => {
  const next = seededRandom(11);
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const results: Timed[] = [];
  const timed = async (work: string, n: number, ask: (i: number) => Promise<unknown>) => {
    const times: number[] = [];
    for (let i = 0; i < n; i++) {
      const began = performance.now();
      await ask(i);
      times.push(performance.now() - began);
    }
    results.push({ work, times });
  };
  /** A filter that no earlier question had. */
  const fresh = (i: number) => `${FILTERS[i % FILTERS.length]} -steps:${1_000 + i}`;

  await timed('filter + all facet counts', 40, (i) => store.traces.facets(requireQuery(fresh(i))));
  await timed('text search + all facet counts', 20, (i) => {
    const term = [TERMS.rare, TERMS.middling, TERMS.common, TERMS.phrase, TERMS.prefix][i % 5];
    return store.traces.facets(requireQuery(`${term} -steps:${1_100 + i}`));
  });
  for (const key of SORTS) {
    const sort = { key, descending: key === 'usefulness' };
    await timed(`first page, by ${key}`, 8, (i) =>
      store.traces.page({ query: requireQuery(fresh(i + 200)), sort, offset: 0, limit: PAGE }),
    );
    await timed(`deep pages, by ${key}`, 8, () =>
      store.traces.page({
        query: requireQuery(''),
        sort,
        offset: between(traces / 2, traces - PAGE),
        limit: PAGE,
      }),
    );
  }
  for (const [kind, term] of Object.entries(TERMS))
    await timed(`text search to first rows, ${kind} (${term})`, 8, (i) =>
      store.traces.page({
        query: requireQuery(`${term} steps:1..${30 + i}`),
        sort: { key: 'arrival', descending: false },
        offset: 0,
        limit: PAGE,
      }),
    );
  const ids = (
    await store.traces.page({
      query: requireQuery(''),
      sort: { key: 'steps', descending: true },
      offset: between(0, traces - 500),
      limit: 40,
    })
  ).rows.map((r) => r.id);
  await timed('open a trace', ids.length, (i) => store.traces.open(ids[i] as (typeof ids)[number]));
  return results;
};
