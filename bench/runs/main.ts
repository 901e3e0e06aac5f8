/**
 * `npm run bench -- runs [--quick] [--rounds 3]`: what a critique run costs beside the calls themselves.
 * Real prompts (published solutions of GSM8K) to a stub in a process of its own, 256 in flight, every result stored in a
 * fresh home; a bare `fetch` loop that stores nothing is the baseline, in the same run, by turns.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type SpawnedStub, spawnStubLlm } from '@flywheel/testkit/llm/spawn-stub-llm';
import { machine, ms, quantile } from '../machine.ts';
import { bareLoop } from './bare-loop.ts';
import { type CritiqueRound, cachedRate, critiqueRound } from './critique-round.ts';
import { type Measured, measure } from './measure.ts';
import { bodiesOf, FOLDER, freshHome, prepareHome, SOLUTIONS, WIDTH } from './prepared-home.ts';
import { restartAfterKill } from './restart.ts';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
});
const rounds = options.quick ? 1 : Number(options.rounds);
const repetitions = options.quick ? 1 : 2;
const query = options.quick ? 'model:6b_finetuning' : '';
/** The first thousand or so, for what is asked of the cache. */
const CACHED_QUERY = 'model:6b_finetuning';
const ANSWER = JSON.stringify({
  first_error: 0,
  category: 'arithmetic',
  confidence: 0.8,
  rationale:
    'The first step [S0] takes a number that the problem does not give, and all that follows rests on it.',
});

const rows: string[][] = [];
const row = (what: string, seen: string, target = '', baseline = ''): void => {
  rows.push([what, seen, target, baseline]);
};
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const per = (items: number, measured: readonly Measured[]): { rate: number; cpu: number } => ({
  rate: items / mean(measured.map((m) => m.seconds)),
  cpu: (1000 * mean(measured.map((m) => m.cpuSeconds))) / items,
});
const count = (n: number): string => Math.round(n).toLocaleString('en');

/** Ours and the bare loop by turns, at `latency` milliseconds. */
const byTurns = async (stub: SpawnedStub, bodies: readonly string[], latency: number, turns: number) => {
  await stub.change({ latency });
  const bare: Measured[] = [];
  const ours: CritiqueRound[] = [];
  for (let i = 0; i < turns; i++) {
    await stub.reset();
    bare.push(await measure(() => bareLoop(stub.url, bodies, WIDTH)));
    await stub.reset();
    ours.push(await critiqueRound(`at-${latency}`, stub.url, query, repetitions));
  }
  return { bare: per(bodies.length, bare), ours: per(bodies.length, ours), rounds: ours };
};

if (!existsSync(SOLUTIONS)) {
  console.error(`bench runs needs ${SOLUTIONS}, which is not there.`);
  process.exit(2);
}
const stub = await spawnStubLlm({ answers: { kind: 'text', text: ANSWER } });
try {
  const traces = await prepareHome();
  const { workspace } = await freshHome('bodies', stub.url);
  const once = await bodiesOf(workspace, query);
  await workspace.close();
  const bodies = Array.from({ length: repetitions }, () => once).flat();
  console.log(
    `bench runs: ${count(bodies.length)} critiques of ${count(traces)} GSM8K solutions, prompts of ${count(mean(once.map((b) => b.length)))} bytes, ${WIDTH} in flight, ${rounds} rounds; ${machine()}`,
  );

  const fast = await byTurns(stub, bodies, 20, rounds);
  await stub.reset();
  const watched = await critiqueRound('watched', stub.url, query, repetitions, true);
  const all = [...fast.rounds, watched];
  const worst = (of: (r: CritiqueRound) => number): number => Math.max(...all.map(of));
  row(
    'critiques at 20 ms latency, to the bare loop',
    `${count(fast.ours.rate)}/s, ratio ${(fast.ours.rate / fast.bare.rate).toFixed(2)}`,
    '>= 0.6',
    `${count(fast.bare.rate)}/s`,
  );
  row(
    'processor time an item, to the bare loop',
    `${fast.ours.cpu.toFixed(2)} ms, ratio ${(fast.ours.cpu / fast.bare.cpu).toFixed(2)}`,
    '<= 2',
    `${fast.bare.cpu.toFixed(2)} ms`,
  );
  row(
    'facet query beside a run, four a second, p95',
    ms(quantile(watched.facets, 0.95)),
    '< 150 ms',
    `p50 ${ms(quantile(watched.facets, 0.5))}; the run ${count(watched.items / watched.seconds)}/s`,
  );
  row('event loop late, p99', ms(worst((r) => r.loopDelayP99)));
  row('peak memory', `${count(worst((r) => r.peakMiB))} MiB`);

  const slow = await byTurns(stub, bodies, 200, 1);
  const ideal = WIDTH / 0.2;
  row(
    'critiques at 200 ms latency, to the ideal',
    `${count(slow.ours.rate)}/s, ratio ${(slow.ours.rate / ideal).toFixed(2)}`,
    '>= 0.9',
    `${count(ideal)}/s; bare loop ${count(slow.bare.rate)}/s`,
  );

  const restart = await restartAfterKill(stub, query, once.length);
  row(
    'calls repeated after a kill -9 half way',
    `${restart.repeated} of ${count(restart.items)}`,
    'those in flight',
    `${restart.inFlight} broken off, the rest answered in the last moments`,
  );
  row('start to the first new call', `${restart.secondsToFirstCall.toFixed(1)} s`, '< 2 s');
  row('calls in flight after it', String(restart.concurrency), String(WIDTH));

  await stub.change({ latency: 0 });
  row('cached, launch to end', `${count(await cachedRate(stub.url, CACHED_QUERY, 3))}/s`, '>= 5,000/s');
} finally {
  await stub.stop();
  await rm(FOLDER, { recursive: true, force: true });
}
console.log('\n| work | seen | target | baseline |\n| --- | --- | --- | --- |');
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
if (options.quick)
  console.log('\nquick: a run this short is mostly its start; the targets are for the whole one.');
