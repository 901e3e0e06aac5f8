import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testRuntime } from '../testing.fixture.ts';
import { keepCheckpoint, takeUpCheckpoint } from './checkpoint-file.node.ts';
import { FINGERPRINT, trainingToKill } from './kill.fixture.ts';
import { train } from './train.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flywheel-train-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the child until it has taken so many steps of its own, and kills it. Returns whether it was done before. */
const runUntil = (file: string, steps: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'kill.child.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    child.stdout.on('data', (chunk) => {
      told += chunk;
      if (told.match(/step/g)?.length === steps) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      code === 0 || signal === 'SIGKILL'
        ? resolve(told.includes('done'))
        : reject(new Error(`The child ended with ${code ?? signal}.`)),
    );
  });

it('[N8] killed at any moment and begun again, a training comes to the weights of one that never was', async () => {
  const { state } = await train(await testRuntime(), trainingToKill());
  const file = path.join(folder, 'killed.safetensors');
  const random = seededRandom(2);
  let kills = 0;
  while (!(await runUntil(file, 4 + Math.floor(random() * 12)))) kills++;
  expect(kills).toBeGreaterThan(2);
  expect((await takeUpCheckpoint(file, FINGERPRINT))?.state).toEqual(state);
}, 120_000);

it('[N14] a checkpoint of another training, or a damaged one, is not gone on with', async () => {
  const file = path.join(folder, 'other.safetensors');
  expect(await takeUpCheckpoint(file, FINGERPRINT)).toBeNull();
  const { start, settings } = trainingToKill();
  await keepCheckpoint(file, { ...start, shape: settings.shape, fingerprint: 'another' });
  await expect(takeUpCheckpoint(file, FINGERPRINT)).rejects.toThrow(
    'of a training with other texts or settings',
  );
  await writeFile(file, 'no checkpoint');
  await expect(takeUpCheckpoint(file, FINGERPRINT)).rejects.toThrow(/safetensors/);
});
