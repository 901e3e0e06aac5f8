/**
 * `npm run bench -- store [--traces 1000000] [--home DIR] [--no-baseline]`: the promises about a large workspace.
 * Generates traces, imports them through the real importer into a fresh home, opens it again and asks 200 mixed questions.
 * With --home an existing workspace is asked instead, without import; `bench web` serves the same folder.
 */
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ReviewId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import { importFiles } from '@flywheel/interchange/import-files';
import { Mapping } from '@flywheel/interchange/mapping';
import { openStore, type Store } from '@flywheel/store/store';
import { machine, ms, quantile } from '../machine.ts';
import { measureBaselines } from './baselines.ts';
import { generate, MAPPING, TERMS } from './generate.ts';
import { askAll, type Timed } from './queries.ts';

const { values: options } = parseArgs({
  options: {
    traces: { type: 'string', default: '1000000' },
    home: { type: 'string' },
    'no-baseline': { type: 'boolean', default: false },
  },
});
const traces = Number(options.traces);
const folder = join(tmpdir(), 'flywheel-bench');
const file = join(folder, `traces-${traces}.jsonl`);
const home = options.home ?? join(folder, `home-${traces}`);

const importAll = async (store: Store) => {
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 100);
  const cpu = process.cpuUsage();
  const began = performance.now();
  const id = await store.imports.begin({ title: file, mapping: MAPPING });
  const counts = await importFiles([file], Mapping.parse(MAPPING), {
    names: ['bench.jsonl'],
    rejectsFile: join(folder, 'rejects.jsonl'),
    write: (blocks) => store.imports.writeBlocks(id, blocks),
  });
  await store.imports.finish(id, 'done', { ...counts, rejectsFile: null });
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  const used = process.cpuUsage(cpu);
  if (counts.imported !== traces) throw new Error(`${counts.imported} of ${traces} traces were imported.`);
  return { seconds, peak: Math.max(peak, process.memoryUsage.rss()), cpu: (used.user + used.system) / 1e6 };
};

const commitReviews = async (store: Store): Promise<Timed> => {
  const { rows } = await store.traces.page({
    query: requireQuery('outcome:wrong'),
    sort: { key: 'usefulness', descending: true },
    offset: 0,
    limit: 40,
  });
  const times: number[] = [];
  for (const row of rows) {
    const began = performance.now();
    await store.reviews.append({
      id: ReviewId.parse(crypto.randomUUID()),
      trace: row.id,
      reviewer: 'bench',
      action: 'commit',
      firstError: 0,
      labels: [-1],
      category: 'arithmetic',
      rationale: 'measured',
      corrections: [],
      flagged: false,
      reason: '',
      undoes: null,
      spentMs: 0,
      blind: false,
      at: Date.now(),
    });
    times.push(performance.now() - began);
  }
  return { work: 'commit a review', times };
};

const say = (line: string) => console.log(line);
mkdirSync(folder, { recursive: true });
say(`bench store: ${traces.toLocaleString('en')} traces; ${machine()}`);

if (!options.home) {
  if (!existsSync(file)) {
    const began = performance.now();
    await generate(file, traces);
    say(`generated ${file} in ${Math.round((performance.now() - began) / 1000)} s`);
  }
  rmSync(home, { recursive: true, force: true });
  const store = await openStore(home);
  const { seconds, peak, cpu } = await importAll(store);
  await store.close();
  say(
    `import, index included: ${Math.round(traces / seconds).toLocaleString('en')} traces/s (${seconds.toFixed(1)} s wall, ${cpu.toFixed(1)} s of processor time), ` +
      `peak memory ${Math.round(peak / 2 ** 20)} MiB, ${Math.round(statSync(file).size / traces)} bytes a trace`,
  );
}

const began = performance.now();
const store = await openStore(home);
say(`boot: ${ms(performance.now() - began)}`);
const results = [...(await askAll(store, traces)), await commitReviews(store)];
await store.close();

say('\n| work | n | p50 | p95 |\n| --- | --- | --- | --- |');
for (const { work, times } of results)
  say(`| ${work} | ${times.length} | ${ms(quantile(times, 0.5))} | ${ms(quantile(times, 0.95))} |`);

if (!options['no-baseline'] && existsSync(file)) {
  const plain = await measureBaselines(file, TERMS.rare);
  const p50 = (work: string) => quantile(results.find((r) => r.work.startsWith(work))?.times ?? [], 0.5);
  say('\nThe same machine and run, a plain DuckDB table in memory and nothing of ours:');
  say(`reading the file: ${Math.round(traces / plain.importSeconds).toLocaleString('en')} traces/s`);
  say(
    `seven facets by GROUP BY on texts: ${ms(plain.facetsMs)}, ours ${(plain.facetsMs / p50('filter + all')).toFixed(1)}x as fast`,
  );
  say(
    `a word by scan: ${ms(plain.searchMs)}, ours ${(plain.searchMs / p50('text search to first rows, rare')).toFixed(1)}x as fast`,
  );
}
