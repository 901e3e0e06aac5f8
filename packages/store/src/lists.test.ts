import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sort } from '@flywheel/domain/facet';
import type { IngestTrace } from '@flywheel/domain/ingest';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { requireQuery } from '@flywheel/domain/query/parse';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from './store.ts';

let home: string;
let store: Store;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-lists-'));
  store = await openStore(home);
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

const random = seededRandom(5);
const MODELS = ['a', 'b', 'c'];
/** How much of the traces each word is in; a search takes another way for few, for many and for nearly all. */
const SHARES = { few: 0.05, many: 0.4, most: 0.95 };

/** In order of arrival; 4,001 are no whole bytes of bits. */
const records = Array.from({ length: 4_001 }, (_, n): IngestTrace => {
  const words = Object.entries(SHARES).flatMap(([word, share]) => (random() < share ? [word] : []));
  return {
    id: n.toString(16).padStart(16, '0'),
    problemId: n.toString(16).padStart(16, 'f'),
    task: 't',
    prompt: `Problem ${n}`,
    reference: null,
    model: MODELS[Math.floor(random() * 3)] as string,
    source: 's',
    given: null,
    answer: null,
    steps: [words.join(' '), ...Array.from({ length: Math.floor(random() * 4) }, () => 'so')],
    extra: {},
  };
});
const has = (word: string) => (r: IngestTrace) => r.steps[0]?.split(' ').includes(word) ?? false;
const QUERIES: Record<string, (r: IngestTrace) => boolean> = {
  '': () => true,
  few: has('few'),
  many: has('many'),
  most: has('most'),
  'most -model:a': (r) => has('most')(r) && r.model !== 'a',
  'many steps:2..3': (r) => has('many')(r) && r.steps.length >= 2 && r.steps.length <= 3,
  '-model:a': (r) => r.model !== 'a',
  'few most model:b': (r) => has('few')(r) && has('most')(r) && r.model === 'b',
  '-few': (r) => !has('few')(r),
  nowhere: () => false,
};
const SORTS: [Sort, (a: IngestTrace, b: IngestTrace) => number][] = [
  [{ key: 'arrival', descending: false }, (a, b) => records.indexOf(a) - records.indexOf(b)],
  [{ key: 'arrival', descending: true }, (a, b) => records.indexOf(b) - records.indexOf(a)],
  [{ key: 'steps', descending: true }, (a, b) => b.steps.length - a.steps.length],
];

it('[S10] [S6] [S5] lists and facets are those of a scan for words of few, of many and of most traces, with and without an earlier list', async () => {
  const id = await store.imports.begin({ title: 't', mapping: {} });
  await store.imports.write(id, records);
  for (const [sort, order] of SORTS)
    for (const [text, holds] of Object.entries(QUERIES)) {
      const query = requireQuery(text);
      const wanted = records.filter(holds).sort(order);
      const seqs = await store.traces.seqs(query, sort);
      const about = [text, sort.key, sort.descending];
      expect([...about, ...seqs]).toEqual([...about, ...wanted.map((r) => records.indexOf(r))]);
      const { matched, facets } = await store.traces.facets(query);
      expect([...about, matched]).toEqual([...about, wanted.length]);
      const of = (field: string) => facets.find((f) => f.field === field)?.values ?? [];
      if (!text.includes('model:'))
        expect([
          ...about,
          ...of('model')
            .map((v) => [v.value, v.count])
            .sort(),
        ]).toEqual([...about, ...MODELS.map((m) => [m, wanted.filter((r) => r.model === m).length])]);
      if (!text.includes('steps:'))
        expect([...about, ...of('steps').map((v) => [v.value, v.count])]).toEqual([
          ...about,
          ...['1', '2', '3', '4'].map((n) => [n, wanted.filter((r) => String(r.steps.length) === n).length]),
        ]);
    }
});
