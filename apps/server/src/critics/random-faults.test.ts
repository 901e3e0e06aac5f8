import type { RunId, TraceId } from '@flywheel/domain/ids';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { temporaryHome } from '@flywheel/testkit/home';
import type { Rule } from '@flywheel/testkit/llm/rules';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import { hexId, seededTraces } from '@flywheel/testkit/traces';
import { expect, it } from 'vitest';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { fillWithGold, launchOf, prepare } from './critique.fixture.ts';

const TRACES = 60;
const OPERATIONS = 55;
const CALLS = 5;
const SEEDS = process.env.FLYWHEEL_SEED ? [Number(process.env.FLYWHEEL_SEED)] : [1, 2];
const VERDICT = JSON.stringify({
  first_error: 1,
  category: null,
  confidence: 1,
  rationale: '[S1] is wrong.',
});
/** What a run may be about, and which traces (by number, from 1) that is. */
const QUERIES: Record<string, (n: number) => boolean> = {
  '': () => true,
  'model:model-0': (n) => n % 3 === 1,
  'model:model-1,model-2': (n) => n % 3 !== 1,
};
/** What the stub may do for a while. */
const FAULTS: readonly (readonly Rule[])[] = [
  [],
  [],
  [{ when: { fraction: { of: 0.3, seed: 1 } }, then: { kind: 'error', error: 'server-error' } }],
  [{ when: { every: 4 }, then: { kind: 'error', error: 'rate-limit', retryAfter: { seconds: 0 } } }],
  [{ when: { fraction: { of: 0.3, seed: 2 } }, then: { kind: 'answer', form: 'not-json' } }],
  [{ when: { every: 3 }, then: { kind: 'reset', at: 'half' } }],
  [{ when: { fraction: { of: 0.1, seed: 3 } }, then: { kind: 'error', error: 'context-length' } }],
];

/** The numbers of the traces that have a verdict in a run: their answers were given and stored. */
const judged = async (workspace: Workspace): Promise<Set<number>> => {
  const { rows } = await workspace.store.sql.query(
    'SELECT DISTINCT t.id FROM judgement j JOIN trace t ON t.seq = j.trace WHERE j.run_id IS NOT NULL',
    { maxRows: 10_000, timeoutMs: 5_000 },
  );
  return new Set(rows.map(([id]) => Number.parseInt(String(id), 16)));
};

/**
 * Random acts on critique runs over the same traces, faults of the provider that come and go, the workspace opened anew
 * in between: once all is well again and everything was resumed and retried, each item of each run has exactly one
 * result, and what was answered and stored was never asked again.
 */
it.each(SEEDS)(
  '[R2] [R10] [R11] [R17] random acts and faults: one result an item, no stored answer asked for again (seed %i)',
  async (seed) => {
    console.log(`seed ${seed}: FLYWHEEL_SEED=${seed} repeats it`);
    const random = seededRandom(seed);
    const below = (n: number): number => Math.floor(random() * n);
    const { home, remove } = await temporaryHome('random-faults');
    const stub = await startStubLlm({
      answers: { kind: 'text', text: VERDICT },
      keyOf: (text) => /item-(\d+)/.exec(text)?.[1],
      latency: { kind: 'uniform', min: 2, max: 30 },
      seed,
    });
    let workspace = await openWorkspace(home);
    /** Runs and the numbers of the traces that they are about. */
    const plans = new Map<number, { query: string; items: Set<number> }>();
    let traces = TRACES;
    const selected = (query: string): number[] =>
      Array.from({ length: traces }, (_, i) => i + 1).filter((n) => QUERIES[query]?.(n));
    const tolerant = async (act: () => Promise<unknown>): Promise<void> => {
      try {
        await act();
      } catch (error) {
        if (!['IllegalTransition', 'RunError'].includes((error as Error).name)) throw error;
      }
    };
    const operations: Record<string, (id: RunId) => Promise<unknown>> = {
      cancel: (id) => tolerant(() => workspace.runs.cancel(id)),
      pause: (id) => tolerant(() => workspace.runs.pause(id)),
      resume: (id) => tolerant(() => workspace.runs.resume(id)),
      retry: (id) => tolerant(() => workspace.runs.retry(id)),
      retryParse: (id) => tolerant(() => workspace.runs.retry(id, { cause: 'parse' })),
      crossed: (id) =>
        Promise.all([
          tolerant(() => workspace.runs.cancel(id)),
          tolerant(() => workspace.runs.resume(id)),
          tolerant(() => workspace.runs.pause(id)),
        ]),
      launch: async () => {
        const query = Object.keys(QUERIES)[below(3)] ?? '';
        const { id } = await workspace.launches.launch(launchOf({ query, concurrency: 1 + below(CALLS) }));
        const plan = plans.get(id);
        if (plan) expect(plan.items).toEqual(new Set(selected(query)));
        else plans.set(id, { query, items: new Set(selected(query)) });
      },
      addItems: async (id) => {
        const plan = plans.get(id);
        if (!plan) return;
        await tolerant(async () => {
          const added = await workspace.launches.addItems(id);
          const now = new Set([...plan.items, ...selected(plan.query)]);
          expect(added).toBe(now.size - plan.items.size);
          plan.items = now;
        });
      },
      arrive: async () => {
        const id = await workspace.store.imports.begin({ title: 'late', mapping: {} });
        const late = seededTraces(traces + 2).slice(traces);
        await workspace.store.imports.write(
          id,
          late.map((t, i) => ({ ...t, steps: [`This is item-${traces + 1 + i}.`, 'a', 'b', 'c', 'd'] })),
        );
        traces += 2;
      },
      fault: async () => stub.change({ rules: FAULTS[below(FAULTS.length)] ?? [] }),
      reopen: async () => {
        await workspace.close();
        workspace = await openWorkspace(home);
      },
    };
    const names = Object.keys(operations);
    try {
      await fillWithGold(workspace, TRACES);
      await prepare(workspace, stub.url, { limits: { concurrency: CALLS, attempts: 2 } });
      for (let i = 0; i < OPERATIONS; i++) {
        const ids = [...plans.keys()] as RunId[];
        const some = ids[below(ids.length)];
        const name = some === undefined ? 'launch' : (names[below(names.length)] ?? 'launch');
        // What is known to be stored before the act, and how many calls there were when that was so.
        const stored = await judged(workspace);
        const before = stub.calls.length;
        await operations[name]?.(some as RunId);
        await new Promise((resolve) => setTimeout(resolve, below(60)));
        const again = stub.calls.slice(before).filter((call) => stored.has(Number(call.key)));
        expect(
          again.map((call) => call.key),
          `asked again after operation ${i}, ${name}`,
        ).toEqual([]);
      }
      stub.change({ rules: [], latency: 1 });
      const stored = await judged(workspace);
      const before = stub.calls.length;
      for (const [run, { items }] of plans) {
        const id = run as RunId;
        await workspace.runs.wait(id);
        await operations.resume?.(id);
        await workspace.runs.wait(id);
        await operations.retry?.(id);
        const ended = await workspace.runs.wait(id);
        expect(ended, `run ${id}`).toMatchObject({
          state: 'succeeded',
          error: null,
          total: items.size,
          done: items.size,
          failed: 0,
        });
        const page = await workspace.store.runAnswers.page(id, { filter: 'all', offset: 0, limit: 1_000 });
        expect(page.items.map((item) => item.trace).sort()).toEqual(
          [...items].map((n) => hexId(n) as TraceId).sort(),
        );
      }
      expect(stub.calls.slice(before).filter((call) => stored.has(Number(call.key)))).toEqual([]);
      expect(plans.size).toBeGreaterThan(1);
    } finally {
      await workspace.close();
      await stub.close();
      await remove();
    }
  },
  120_000,
);
