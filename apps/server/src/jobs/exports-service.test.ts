import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import { RunEngine } from '@flywheel/runs/run-engine';
import { RunEvents } from '@flywheel/runs/run-events';
import { RunWatch } from '@flywheel/runs/run-watch';
import { openStore, type Store } from '@flywheel/store/store';
import { temporaryHome } from '@flywheel/testkit/home';
import { seededTraces } from '@flywheel/testkit/traces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportsService } from './exports-service.ts';

let home: string;
let remove: () => Promise<void>;
let store: Store;
let engine: RunEngine;
let exports: ReturnType<typeof exportsService>;
/** Exports wait here before they begin. */
let gate: Promise<void>;

const add = async (from: number, to: number) => {
  const id = await store.imports.begin({ title: 't', mapping: null });
  await store.imports.write(id, seededTraces(to).slice(from));
};

beforeEach(async () => {
  ({ home, remove } = await temporaryHome('exports'));
  store = await openStore(home);
  gate = Promise.resolve();
  exports = exportsService(home, store, () => engine);
  engine = new RunEngine({
    store: store.runs,
    events: new RunEvents('test'),
    watch: new RunWatch('test'),
    handlers: {
      export: {
        manner: 'beside',
        itemwise: false,
        pausable: false,
        work: async (job) => {
          await gate;
          return exports.handle(job);
        },
      },
    },
  });
});
afterEach(async () => {
  await engine.close();
  await store.close();
  await remove();
});

const idsIn = (file: unknown): string[] =>
  readFileSync(join(home, String(file)), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((l) => JSON.parse(l).id);

describe('exports', () => {
  it('hold what the filter showed when they were asked for, not what arrived since', async () => {
    await add(0, 30);
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const query = 'task:sums';
    const shown = (
      await store.traces.page({
        query: requireQuery(query),
        sort: { key: 'arrival', descending: false },
        offset: 0,
        limit: 100,
      })
    ).rows;
    const started = await exports.start('jsonl', query, requireQuery(query));
    await add(30, 60);
    open();
    const run = await engine.wait(started.id as RunId);
    expect(run).toMatchObject({
      state: 'succeeded',
      total: shown.length,
      done: shown.length,
      result: { written: shown.length, skipped: 0 },
    });
    expect(idsIn(run.result.file).sort()).toEqual(shown.map((r) => r.id as string).sort());
    expect(existsSync(join(home, `${run.result.file}.card.md`))).toBe(true);
  });

  it('of nothing are empty files, and counts tell what was left out', async () => {
    await add(0, 10);
    const nothing = await exports.start('jsonl', 'task:none', requireQuery('task:none'));
    expect(await engine.wait(nothing.id as RunId)).toMatchObject({
      state: 'succeeded',
      result: { written: 0 },
    });
    const all = await exports.start('trl-preference', '', requireQuery(''));
    expect(await engine.wait(all.id as RunId)).toMatchObject({
      total: 10,
      done: 0,
      skipped: 10,
      result: { written: 0, skipped: 10 },
    });
  });
});
