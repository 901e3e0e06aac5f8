import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RunId } from '@flywheel/domain/ids';
import { ScoreConfig } from '@flywheel/domain/local-run';
import { writeTinyFolder } from '@flywheel/inference/testing/tiny-folder.fixture';
import { hexId } from '@flywheel/testkit/traces';
import { type Served, served } from '../http/server.fixture.ts';

export interface LocalBench extends Served {
  folder: string;
  /** Waits until a run is over, or stands still. */
  ended: (id: number) => ReturnType<Served['workspace']['runs']['wait']>;
}

/** Questions of a score: the small model, plain text. */
export const SCORE = {
  kind: 'score' as const,
  ...ScoreConfig.parse({
    model: 'tiny',
    precision: 'fp32',
    executor: 'worker',
    frame: { kind: 'text', text: 'Q: {problem}\n' },
  }),
};

export const SAMPLE = {
  ...SCORE,
  kind: 'sample' as const,
  n: 3,
  sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 },
  maxTokens: 8,
  stop: [],
  seed: 5,
  from: { kind: 'start' as const },
};

/** The real server with a small model and `n` short sums, two traces a problem: one right, one wrong in its first step. */
export const localBench = async (n: number): Promise<LocalBench> => {
  const folder = await writeTinyFolder(
    path.join(await mkdtemp(path.join(tmpdir(), 'flywheel-local-')), 'tiny'),
  );
  const own = await served();
  const { workspace } = own;
  await workspace.models.addFolder(folder);
  const imported = await workspace.store.imports.begin({ title: 'sums', mapping: {} });
  await workspace.store.imports.write(
    imported,
    Array.from({ length: n }, (_, i) => {
      const problem = Math.floor(i / 2);
      const sum = problem + 2 + (i % 2);
      return {
        id: hexId(i + 1),
        problemId: hexId(10_000 + problem),
        task: 'sums',
        prompt: `${problem} + 2?`,
        reference: String(problem + 2),
        model: 'sums',
        source: 'test',
        given: null,
        answer: String(sum),
        steps: [`${problem} + 2 = ${sum}`, `A: ${sum}`],
        extra: {},
        ...(i % 2 === 1 && { gold: { position: 0, labels: [-1 as const, -1 as const] } }),
      };
    }),
  );
  await workspace.store.imports.finish(imported, 'done', {
    imported: n,
    duplicates: 0,
    rejected: 0,
    rejectsFile: null,
  });
  return {
    ...own,
    folder,
    ended: (id) => workspace.runs.wait(id as RunId),
    close: async () => {
      await own.close();
      await rm(path.dirname(folder), { recursive: true });
    },
  };
};
