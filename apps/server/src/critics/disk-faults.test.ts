import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunId } from '@flywheel/domain/ids';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import { expect, it } from 'vitest';
import { openWorkspace } from '../workspace.ts';
import { fillWithGold, launchOf, prepare } from './critique.fixture.ts';

const TRACES = 400;
const DISK_MIB = 96;
const TEXT = JSON.stringify({
  first_error: 1,
  category: null,
  confidence: 1,
  rationale: `[S1] is wrong. ${'It does not follow from what stands before it. '.repeat(40)}`,
});

/** A disk of its own that can be filled without harm; null where this user may not make one. */
const smallDisk = (): { path: string; remove: () => void } | null => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const path = mkdtempSync(join(tmpdir(), 'flywheel-disk-faults-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    rmdirSync(path);
    return null;
  }
  return {
    path,
    remove: () => {
      execFileSync('umount', ['--lazy', path]);
      rmdirSync(path);
    },
  };
};

/** Leaves so many bytes of a disk. */
const fill = (disk: string, left: number): string => {
  const { bavail, bsize } = statfsSync(disk);
  const filler = join(disk, 'filler');
  try {
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
  } catch (error) {
    // The store's own threads write meanwhile: then it is full all the sooner.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  return filler;
};

const disk = smallDisk();
if (!disk) console.warn('SKIPPED [R26]: only root may mount the small disk that this test fills.');

it.skipIf(!disk)(
  '[R26] a full disk stops a run and says so; with space again it goes on, nothing lost or doubled',
  async () => {
    const { path, remove } = disk as NonNullable<typeof disk>;
    const stub = await startStubLlm({
      answers: { kind: 'text', text: TEXT },
      keyOf: (text) => /item-\d+/.exec(text)?.[0],
      latency: 30,
    });
    try {
      let workspace = await openWorkspace(join(path, 'home'));
      await fillWithGold(workspace, TRACES);
      await prepare(workspace, stub.url, { limits: { concurrency: 8 } });
      const id = (await workspace.launches.launch(launchOf())).id as RunId;
      while (stub.calls.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
      const filler = fill(path, 64 * 1024);
      const stopped = await workspace.runs.wait(id);
      expect(['failed', 'paused']).toContain(stopped.state);
      expect(stopped.error).toMatch(/disk|space/i);
      expect(stopped.error).not.toContain('in the terminal');
      expect(stub.calls.length).toBeLessThan(TRACES);
      const listed = (await workspace.runs.list()).find((run) => run.id === id);
      expect(listed).toMatchObject({ state: stopped.state, error: stopped.error });

      // Full still: another try is refused, or comes to the same end, and the server lives.
      const again = await workspace.runs.resume(id).then(
        () => workspace.runs.wait(id),
        (error: Error) => error,
      );
      expect(again instanceof Error ? again.message : again.error).toMatch(/disk|space/i);

      rmSync(filler);
      await workspace.runs.resume(id);
      const ended = await workspace.runs.wait(id);
      expect(ended).toMatchObject({
        state: 'succeeded',
        total: TRACES,
        done: TRACES,
        failed: 0,
        error: null,
      });
      await workspace.close();

      workspace = await openWorkspace(join(path, 'home'));
      const page = await workspace.store.runAnswers.page(id, { filter: 'all', offset: 0, limit: 1_000 });
      expect(page.total).toBe(TRACES);
      expect(new Set(page.items.map((item) => item.trace)).size).toBe(TRACES);
      const { rows } = await workspace.store.sql.query(
        `SELECT count(*), count(DISTINCT trace) FROM judgement WHERE run_id = ${id}`,
        { maxRows: 1, timeoutMs: 5_000 },
      );
      expect(rows[0]?.map(Number)).toEqual([TRACES, TRACES]);
      // Answers stay in memory until they can be written: none is paid for twice but those that were broken off.
      const answered = stub.calls.filter((call) => call.end === 'answered');
      expect(answered.length - new Set(answered.map((call) => call.key)).size).toBeLessThanOrEqual(8);
      // Everything is in the cache now, so that it is the other file that meets the full disk.
      const cached = (await workspace.launches.launch(launchOf())).id as RunId;
      const second = fill(path, 0);
      const halted = await workspace.runs.wait(cached);
      expect(halted).toMatchObject({ state: 'failed', error: expect.stringMatching(/disk|space/i) });
      expect(halted.error).not.toContain('in the terminal');
      rmSync(second);
      await workspace.runs.resume(cached);
      expect(await workspace.runs.wait(cached)).toMatchObject({
        state: 'succeeded',
        done: TRACES,
        spend: { calls: 0, cached: TRACES },
      });
      await workspace.close();
    } finally {
      await stub.close();
      remove();
    }
  },
  40_000,
);
