import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { GenerateTask, LocalAnswer, ScoreTask } from '@flywheel/domain/local-task';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startModelThread } from '../model-thread.node.ts';
import { writeTinyFolder } from '../testing/tiny-folder.fixture.ts';
import type { WorkerClient } from '../worker-client.ts';
import { performTasks, type TaskModel } from './perform.ts';

const open = async (folder: string): Promise<TaskModel & { client: WorkerClient }> => {
  const client = startModelThread();
  const { context } = await client.call('load', {
    source: { folder },
    backend: { name: 'node', threads: 1 },
    options: {},
  });
  return { client, context };
};

const scoring = (text: string, pieces: string[]): ScoreTask => ({
  kind: 'score',
  prompt: { kind: 'text', text },
  pieces,
});
const writing = (text: string, of: Partial<GenerateTask> = {}): GenerateTask => ({
  kind: 'generate',
  prompt: { kind: 'text', text },
  prefixes: [''],
  n: 1,
  sampling: { temperature: 0.9, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 },
  maxTokens: 6,
  stop: [],
  seed: 5,
  ...of,
});

const scored = (answer: LocalAnswer | undefined) => {
  if (answer?.kind !== 'score') throw new Error(`not scored: ${JSON.stringify(answer)}`);
  return answer;
};
const written = (answer: LocalAnswer | undefined) => {
  if (answer?.kind !== 'generate') throw new Error(`not written: ${JSON.stringify(answer)}`);
  return answer;
};

describe('tasks, on a thread of this machine', () => {
  let folder: string;
  let model: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    folder = await writeTinyFolder(await mkdtemp(path.join(tmpdir(), 'tiny-')));
    model = await open(folder);
  });
  afterAll(async () => {
    model.client.end();
    await rm(folder, { recursive: true });
  });

  test('[I30] a text in pieces has the figures that it has whole, each token in the piece in which it begins', async () => {
    const [whole, pieces] = (
      await performTasks(model, [scoring('Q: 1+1', ['ab 12\ncd']), scoring('Q: 1+1', ['ab', ' 12\n', 'cd'])])
    ).map(scored);
    expect(whole?.promptTokens).toBe(6);
    expect(pieces?.pieces.map((p) => p.starts)).toEqual([
      [0, 1],
      [0, 1, 2, 3],
      [0, 1],
    ]);
    expect(pieces?.pieces.flatMap((p) => p.surprisal)).toEqual(whole?.pieces[0]?.surprisal);
    expect(pieces?.pieces.flatMap((p) => p.rank)).toEqual(whole?.pieces[0]?.rank);
    for (const s of whole?.pieces[0]?.surprisal ?? []) expect(s).toBeGreaterThan(0);
  });

  test('[I30] one that is too long, or empty, fails alone and says why', async () => {
    const answers = await performTasks(model, [
      scoring('Q', ['x'.repeat(300)]),
      scoring('Q', ['']),
      scoring('Q', ['fine']),
      writing('y'.repeat(256)),
      writing('go'),
    ]);
    expect(answers.map((a) => a.kind)).toEqual(['failed', 'failed', 'score', 'failed', 'generate']);
    expect(answers[0]).toMatchObject({
      message: expect.stringContaining('301 tokens, but the model takes 256'),
    });
  });

  test('[I31] each prefix has its samples, which repeat for their seed and go on from where the prefix ends', async () => {
    const task = writing('go on', { prefixes: ['', 'ab'], n: 3 });
    const [first] = (await performTasks(model, [task, writing('beside')])).map(written);
    const [again] = (await performTasks(model, [task])).map(written);
    expect(first?.samples.map(({ prefix, sample }) => [prefix, sample])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(again).toEqual(first);
    expect(new Set(first?.samples.map((s) => s.text)).size).toBeGreaterThan(1);
    // A prefix is as if it had stood in the prompt.
    const [joined] = (await performTasks(model, [writing('go onab', { n: 3, seed: 5 + 3 })])).map(written);
    expect(joined?.samples.map((s) => s.text)).toEqual(first?.samples.slice(3).map((s) => s.text));
  });

  test('[I31] what was written has, scored, the log-probability that was told', async () => {
    const [wrote] = (await performTasks(model, [writing('tell', { maxTokens: 8, stop: [] })])).map(written);
    const sample = wrote?.samples[0];
    const [score] = (await performTasks(model, [scoring('tell', [sample?.text ?? ''])])).map(scored);
    expect(sample?.finish).toBe('length');
    const sum = score?.pieces[0]?.surprisal.reduce((a, b) => a + b, 0) ?? 0;
    expect(-sum).toBeCloseTo(sample?.logprob ?? 0, 3);
  });

  test('[I32] a thread that is ended fails what waits, and every call after it', async () => {
    const other = await open(folder);
    const waiting = performTasks(other, [writing('x', { maxTokens: 200, n: 16 })]);
    other.client.end();
    await expect(waiting).rejects.toThrow('unloaded');
    await expect(other.client.call('encode', { texts: ['a'] })).rejects.toThrow('unloaded');
  });
});

const SHARED = path.resolve(import.meta.dirname, '../../../../../shared/models/SmolLM2-135M-Instruct');

describe.skipIf(!existsSync(SHARED))('tasks with the real model (skipped where it is absent)', () => {
  test('[I30] tokens of a text begin where their words do', { timeout: 120_000 }, async () => {
    const model = await open(SHARED);
    try {
      const pieces = ['Tom has 3 cafés 🙂.\n', 'So 3 + 4 = 7.\n', 'A: 7'];
      const [answer] = (
        await performTasks(model, [
          {
            kind: 'score',
            prompt: { kind: 'chat', messages: [{ role: 'user', content: 'How many?' }] },
            pieces,
          },
        ])
      ).map(scored);
      const words = answer?.pieces.map((p, i) =>
        p.starts.map((s, k) => pieces[i]?.slice(s, p.starts[k + 1])),
      );
      expect(words?.map((w) => w.join(''))).toEqual(pieces);
      expect(words?.[1]?.slice(0, 3)).toEqual(['So', ' ', '3']);
    } finally {
      model.client.end();
    }
  });
});
