import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { begin, expectNothingLeft, newFolder } from './command.fixture.ts';
import { fake, valuesFor } from './fake-trainer.fixture.ts';
import { startCommand } from './start-command.node.ts';

it('[T8] a good run: metrics once a step from log and state, progress with time left, output checked', async () => {
  const run = await begin(fake('good'));
  const outcome = await run.ended();
  expect(outcome).toMatchObject({ outcome: 'completed', remedy: '' });
  expect(outcome.outcome === 'completed' && outcome.files.map((f) => f.path)).toEqual([
    join(run.folder, 'out/model.safetensors'),
    join(run.folder, 'out/config.json'),
  ]);
  const metrics = run.events.filter((e) => e.type === 'metric');
  for (const [figure, series] of [
    ['loss', [2, 1, 2 / 3]],
    ['learningRate', [1e-4, 1e-4, 1e-4]],
    ['evalLoss', [0.5]],
  ] as const)
    expect(metrics.flatMap((m) => m[figure] ?? [])).toEqual(series);
  expect(metrics.filter((m) => m.loss !== undefined).map((m) => m.step)).toEqual([1, 2, 3]);
  const progress = run.events.flatMap((e) => (e.type === 'progress' ? [e.progress] : []));
  expect(progress.at(-1)).toMatchObject({ done: 3, total: 3, unit: 'steps', etaSeconds: 0 });
  expect(readFileSync(join(run.folder, 'command/log.txt'), 'utf8')).toContain('step=3');
  expectNothingLeft(run.folder);
});

it('[T7] a failure has its exit code, its last lines and what to do', async () => {
  const outcome = await (await begin(fake('fail'))).ended();
  expect(outcome).toMatchObject({ outcome: 'failed', exitCode: 3, signal: null });
  expect(outcome.outcome === 'failed' && outcome.lastLines).toEqual([
    'loading',
    "ModuleNotFoundError: No module named 'trl'",
  ]);
  expect(outcome.remedy).toContain('Python has no module trl');
});

it('[T9] a command that cannot start says why', async () => {
  const folder = await newFolder();
  const plain = join(folder, 'plain.sh');
  writeFileSync(plain, '#!/bin/sh\n');
  chmodSync(plain, 0o600);
  const start = async (command: string[], more = {}) =>
    (await begin({ ...fake('good'), command, ...more })).ended();
  expect(await start(['no-such-trainer', '{out}'])).toMatchObject({
    outcome: 'failed',
    exitCode: null,
    says: 'There is no command no-such-trainer.',
    remedy: expect.stringContaining('Install it, or give its whole path'),
  });
  expect(await start([plain])).toMatchObject({
    outcome: 'failed',
    remedy: expect.stringContaining('chmod +x'),
  });
  expect(await start(['true'], { cwd: join(folder, 'gone') })).toMatchObject({
    outcome: 'failed',
    says: expect.stringContaining('is not there'),
  });
});

it('[T10] stop ends one that ignores SIGTERM after the grace, and lets a polite one save', async () => {
  const stubborn = await begin(fake('hang'), {}, 0.3);
  await stubborn.says(/hanging/);
  await stubborn.running.stop();
  expect(await stubborn.ended()).toMatchObject({ outcome: 'stopped' });
  expect(stubborn.lines()).toContain('no');
  expectNothingLeft(stubborn.folder);
  const polite = await begin(fake('polite'));
  await polite.says(/working/);
  await polite.running.stop();
  expect(await polite.ended()).toMatchObject({ outcome: 'stopped' });
  expect(existsSync(join(polite.folder, 'out/saved'))).toBe(true);
});

it('[T10] stop reaches children in the group and those that left it', async () => {
  const run = await begin(fake('fork', 'stay'), {}, 0.3);
  await run.says(/^child/);
  await run.running.stop();
  expect(await run.ended()).toMatchObject({ outcome: 'stopped' });
  expectNothingLeft(run.folder);
});

it('[T10] a child that stays after the end is ended, and said', async () => {
  const run = await begin(fake('fork'), {}, 0.3);
  expect(await run.ended()).toMatchObject({ outcome: 'completed' });
  expect(run.events).toContainEqual({
    type: 'warning',
    text: 'It left 2 of its processes behind; they were ended.',
  });
  expectNothingLeft(run.folder);
});

it('[T11] the time budget ends it, after the stop command of a cluster', async () => {
  const run = await begin(
    {
      ...fake('hang'),
      timeBudget: 0.02,
      stop: [process.execPath, '-e', "require('fs').writeFileSync('cancelled', process.argv[1])", '{run}'],
    },
    {},
    0.3,
  );
  expect(await run.ended()).toMatchObject({ outcome: 'over-budget', minutes: 0.02 });
  expect(readFileSync(join(run.folder, 'cancelled'), 'utf8')).toBe('r1');
  expectNothingLeft(run.folder);
});

it('[T12] garbage: half a JSON, NaN, binary and a line of 50 MB', async () => {
  const run = await begin(fake('garbage'));
  expect(await run.ended()).toMatchObject({ outcome: 'completed' });
  expect(run.lines()[0]).toBe('\ufffd\ufffd\ufffdA');
  expect(run.lines()[1]).toMatch(/^x{65536} \.\.\. \(52,363,264 more characters\)$/);
  const metrics = run.events.flatMap((e) => (e.type === 'metric' ? [e] : []));
  expect(metrics).toMatchObject([
    { step: 1, notFinite: ['loss'], learningRate: 1e-4 },
    { step: 2, notFinite: ['loss'] },
    { step: 9, loss: 0.25, learningRate: 1e-5 },
  ]);
  expect(run.events).toContainEqual({ type: 'warning', text: expect.stringContaining('is no whole JSON') });
});

it('[T13] exit code 0 without the output is no success', async () => {
  const outcome = await (await begin(fake('empty'))).ended();
  expect(outcome).toMatchObject({
    outcome: 'bad-output',
    missing: [
      { file: 'model.safetensors', why: 'is cut off, or no safetensors file' },
      { file: 'config.json', why: 'is no whole JSON' },
    ],
  });
  expect(await (await begin({ ...fake('none'), expects: ['a/*.bin'] })).ended()).toMatchObject({
    outcome: 'bad-output',
    missing: [{ file: 'a/*.bin', why: 'is missing' }],
  });
});

it('[T6] JSON lines: paths, Python NaN, numbers with commas; half a line and foreign keys give nothing', async () => {
  const paths = { step: 'train.step', loss: 'train.loss', tokens: 'train.seen' };
  const run = await begin({ ...fake('json'), metrics: [{ kind: 'json', paths }] });
  await run.ended();
  const metrics = run.events.flatMap((e) => (e.type === 'metric' ? [e] : []));
  expect(metrics).toMatchObject([
    { step: 1, loss: 1.5, tokens: 1024 },
    { step: 2, notFinite: ['loss'] },
  ]);
});

it('[T3] whatever a value holds stays one argument, and one text of a config', async () => {
  const folder = await newFolder();
  const nasty = `${folder}/a b'"$(touch ${folder}/hit) ; rm -rf {out} \`id\` {{seed}} %s\\`;
  const trainer = {
    ...fake('echo', '{dataset}', 'x={base}', '{config}'),
    files: { 'a/c.json': '{"d": {dataset}, "n": [{seed},{budget}]}', 'job.sh': 'echo {dataset} ${out}\n' },
    env: { PLAIN: '{dataset}' },
  };
  const run = await begin(trainer, { dataset: nasty, base: '; rm -rf /' });
  expect(await run.ended()).toMatchObject({ outcome: 'completed' });
  const config = join(run.folder, 'a/c.json');
  const echo = JSON.parse(readFileSync(join(run.folder, 'out/echo.json'), 'utf8'));
  expect(echo.more).toEqual([nasty, 'x=; rm -rf /', config]);
  expect(echo.cwd).toBe(run.folder);
  expect(echo.env).toMatchObject({ PLAIN: nasty, FLYWHEEL_DATASET: nasty, FLYWHEEL_RUN: 'r1' });
  expect(JSON.parse(readFileSync(config, 'utf8'))).toEqual({ d: nasty, n: [1, 3] });
  expect(readFileSync(join(run.folder, 'job.sh'), 'utf8')).toBe('echo {dataset} ${out}\n');
  expect(existsSync(join(folder, 'hit'))).toBe(false);
});

it('[T5] only named secrets are passed on; no event and no file of ours shows them', async () => {
  process.env.FAKE_TOKEN = 'sk-very-secret-value';
  process.env.OTHER_TOKEN = 'not for trainers';
  try {
    const run = await begin({ ...fake('echo'), secrets: ['FAKE_TOKEN'] });
    await run.ended();
    const { env } = JSON.parse(readFileSync(join(run.folder, 'out/echo.json'), 'utf8'));
    expect(env.FAKE_TOKEN).toBe('sk-very-secret-value');
    expect(env.OTHER_TOKEN).toBeUndefined();
    expect(run.lines()).toContain('token is [secret]');
    expect(readFileSync(join(run.folder, 'command/start.json'), 'utf8')).not.toContain('very-secret');
  } finally {
    delete process.env.FAKE_TOKEN;
    delete process.env.OTHER_TOKEN;
  }
});

it('[T13] a folder or an output of an earlier run is not used again', async () => {
  const run = await begin(fake('good'));
  await run.ended();
  const again = (folder: string, out: string) =>
    startCommand(fake('good'), { ...valuesFor(folder), out }, folder, { on: () => {} });
  await expect(again(run.folder, `${run.folder}/new`)).rejects.toThrow('already has a run');
  await expect(again(await newFolder(), `${run.folder}/out`)).rejects.toThrow('is not empty');
});
