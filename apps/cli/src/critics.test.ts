import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RobustnessClass } from '@flywheel/domain/robustness';
import type { Answers } from '@flywheel/testkit/llm/answers';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import type { StubLlm } from '@flywheel/testkit/llm/stub-options';
import { seededTraces } from '@flywheel/testkit/traces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Desk, desk } from './cli.fixture.ts';

const KEY = 'sk-a-secret-of-this-test';
const CLEAN = '{"rationale":"All follow.","first_error":null,"category":null,"confidence":0.9}';
const FIRST = '{"rationale":"[S0] is off.","first_error":0,"category":"arithmetic","confidence":0.8}';

describe.each(['alone', 'served'] as const)('providers and critics, workspace %s', (mode) => {
  let d: Desk;
  let stub: StubLlm;
  beforeEach(async () => {
    d = await desk(mode);
    stub = await startStubLlm({ answers: { kind: 'text', text: CLEAN }, key: KEY });
  });
  afterEach(async () => {
    await d.close();
    await stub.close();
  });
  const json = async (...args: string[]) => {
    const ended = await d.run(...args, '--json');
    expect(ended.code, ended.stderr).toBe(0);
    return ended.json();
  };

  it('add, test, save, plan, run, retry, compare: figures as JSON; keys never show', async () => {
    process.env.FLYWHEEL_TEST_KEY = KEY;
    const add = ['provider', 'add', 'stub', '--base-url', stub.url, '--model', 'stub-1'];
    const added = await json(
      ...add,
      '--key-env',
      'FLYWHEEL_TEST_KEY',
      '--price-input',
      '1',
      '--price-output',
      '2',
    );
    expect(added).toMatchObject({ id: 'stub', key: { source: 'saved', origin: stub.origin, stale: false } });
    expect(await json('provider', 'test', 'stub')).toMatchObject({ ok: true, models: ['stub-1'] });
    const listed = await d.run('provider', 'list', '--json');
    expect(listed.stdout + listed.stderr).not.toContain(KEY);

    await json('import', await d.file(30), '--no-verify');
    expect(await json('critic', 'save', 'checker')).toMatchObject({
      critic: 'checker',
      version: 1,
      isNew: true,
    });
    expect(await json('critic', 'save', 'checker')).toMatchObject({ version: 1, isNew: false });
    const user = path.join(d.home, 'user.j2');
    await writeFile(user, 'Which step is wrong?\n{{ trace.text }}\n');
    expect(await json('critic', 'save', 'checker', '--user', user)).toMatchObject({
      version: 2,
      isNew: true,
    });
    expect(await json('critic', 'run', 'checker@1', '--dry-run')).toMatchObject({
      items: 30,
      cached: 0,
      toCall: 30,
    });

    stub.change({ rules: [{ when: { first: 3 }, then: { kind: 'answer', form: 'not-json' } }] });
    const first = await json('critic', 'run', 'checker@1');
    expect(first).toMatchObject({
      done: 27,
      failed: 3,
      cached: 0,
      parseFailures: 3,
      runId: expect.any(Number),
    });
    expect(await json('run', 'show', String(first.runId))).toMatchObject({
      calls: 30,
      errors: { parse: 3 },
      cost: expect.any(Number),
    });
    const retried = await json('run', 'retry', String(first.runId), '--cause', 'parse');
    expect(retried.run).toMatchObject({ done: 30, failed: 0 });
    expect(await json('critic', 'run', 'checker@1')).toMatchObject({ done: 30, cached: 30 });

    stub.change({ answers: { kind: 'text', text: FIRST } });
    const second = await json('run', 'start', 'checker');
    expect(second).toMatchObject({ done: 30, failed: 0, cached: 0 });
    const compared = await json(
      'critic',
      'compare',
      String(first.runId),
      String(second.runId),
      '--split',
      'all',
    );
    expect(compared).toMatchObject({ n: 30, nowRight: 10, nowWrong: 20 });
    expect(compared).toMatchObject({ flipsByNoise: { observed: 30, of: 30, expected: null } });
    expect(compared).toHaveProperty('difference.kappa.value');
    const third = await json('critic', 'run', 'checker@2', '--repetitions', '2');
    const said = await d.run(
      'critic',
      'compare',
      String(second.runId),
      String(third.runId),
      '--split',
      'all',
    );
    expect(said.stdout).toMatch(/kappa +0\.0000 +0\.0000/);
    expect(said.stdout).toMatch(/0 flipped: no more than noise, p = 1\.0000/);
    expect(said.stdout).toContain('0 of 30 traces ever flip');
    const calibrated = await json('calibrate', 'critic:checker@2');
    expect(calibrated).toMatchObject({ n: 30, accError: 1, accClean: 0 });
    expect(await json('critic', 'list')).toMatchObject({ critics: [{ id: 'checker', versions: 2 }] });
  }, 120_000);

  // What crosses the wire differs; the commands are the same alone.
  const onceIt = it.runIf(mode === 'served');

  onceIt(
    'a run is recorded, and the recording answers as the model did',
    async () => {
      process.env.FLYWHEEL_TEST_KEY = KEY;
      await json(
        ...['provider', 'add', 'stub', '--base-url', stub.url, '--model', 'm'],
        ...['--key-env', 'FLYWHEEL_TEST_KEY'],
      );
      await json('import', await d.file(12), '--no-verify');
      await json('critic', 'save', 'checker');
      const file = path.join(d.home, 'recordings', 'made.jsonl');
      await mkdir(path.dirname(file), { recursive: true });
      const run = await json('critic', 'run', 'checker', '--provider', 'stub', '--record', file);
      expect(run).toMatchObject({ done: 12, recording: { file, answers: 12, missing: 0 } });
      const calls = stub.calls.length;
      await json(
        'provider',
        'add',
        'replay',
        '--kind',
        'replay',
        '--recording',
        'made.jsonl',
        '--model',
        'm',
      );
      expect(await json('provider', 'test', 'replay')).toMatchObject({ ok: true });
      const replayed = await json('critic', 'run', 'checker', '--provider', 'replay');
      expect(replayed).toMatchObject({ done: 12, failed: 0, cached: 0 });
      expect(stub.calls.length).toBe(calls);
      const compared = await json(
        ...['critic', 'compare', String(run.runId), String(replayed.runId), '--split', 'all'],
      );
      expect(compared).toMatchObject({ n: 12, flips: [] });
    },
    120_000,
  );

  onceIt(
    'what is not given to a known provider stays; a critic goes into a file with its versions, and comes back',
    async () => {
      const add = (...args: string[]) => json('provider', 'add', 'stub', ...args);
      await add('--base-url', stub.url, '--model', 'm', '--concurrency', '7', '--tokens-per-minute', '900');
      await add('--price-input', '1', '--price-output', '2');
      expect(await add('--timeout', '9')).toMatchObject({
        baseUrl: stub.url,
        model: 'm',
        limits: { concurrency: 7, tokensPerMinute: 900, timeoutSeconds: 9 },
        prices: { '*': { input: 1, output: 2 } },
      });
      await json('critic', 'save', 'checker');
      await json('critic', 'save', 'checker', '--temperature', '0.5', '--title', 'warmer');
      const file = path.join(d.home, 'checker.json');
      expect(await json('critic', 'export', 'checker', '--out', file)).toMatchObject({ versions: 2 });
      expect(await json('critic', 'save', 'copy', '--from', file)).toMatchObject({ version: 2, isNew: true });
      const [original, copy] = [
        await json('critic', 'show', 'checker'),
        await json('critic', 'show', 'copy'),
      ];
      expect(copy.version).toMatchObject({
        title: 'warmer',
        parent: 1,
        hash: (original.version as { hash: string }).hash,
      });
      expect(await json('critic', 'save', 'copy', '--from', file)).toMatchObject({
        version: 2,
        isNew: false,
      });
      await writeFile(file, '{"flywheel":"critic"}');
      const refused = await d.run('critic', 'save', 'copy', '--from', file);
      expect([refused.code, refused.stderr]).toEqual([
        1,
        expect.stringContaining('no file of `critic export`'),
      ]);
    },
    120_000,
  );

  it('robustness and improve: figures as JSON, the best kept as a version', async () => {
    const reflection: Answers = { kind: 'reflection', advice: ['Look twice.'] };
    // Every third is labelled flawed at its first step.
    const flawed = seededTraces(30).flatMap((t, i) => (i % 3 === 0 ? (t.steps[0] ?? '') : []));
    const looks = (text: string) =>
      text.includes('Look twice.') && flawed.some((step) => text.includes(`[S0] ${step}\n`));
    stub.change({
      answers: ({ text }) => (looks(text) ? FIRST : CLEAN),
      rules: [
        { when: { contains: 'Write a better' }, then: { kind: 'answer', answers: reflection } },
        {
          when: { contains: 'in other words' },
          then: { kind: 'answer', answers: { kind: 'text', text: 'No.' } },
        },
      ],
    });
    process.env.FLYWHEEL_TEST_KEY = KEY;
    await json(
      'provider',
      'add',
      'stub',
      '--base-url',
      stub.url,
      '--model',
      'm',
      '--key-env',
      'FLYWHEEL_TEST_KEY',
    );
    await json('import', await d.file(30), '--no-verify');
    await json('critic', 'save', 'checker');
    const tried = await json('critic', 'robustness', 'checker', '--per-class', '4');
    const classes = tried.classes as RobustnessClass[];
    const injected = classes.find((c) => c.perturbation === 'injected');
    expect(injected).toMatchObject({ asked: injected?.n, held: 0 });
    expect(tried).toMatchObject({ failed: 0, unchanged: { rate: 1 }, runId: expect.any(Number) });
    const improved = await json('critic', 'improve', 'checker', '--calls', '60', '--dev', '8', '--save');
    expect(improved).toMatchObject({ prompts: 2, version: 2, baselineGain: { difference: 0 } });
    expect(improved.system).toContain('Look twice.');
    expect(await json('critic', 'list')).toMatchObject({ critics: [{ id: 'checker', versions: 2 }] });
    const none = await d.run('critic', 'improve', 'checker', '--slice', 'task:none');
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('too little gold')]);
  }, 120_000);

  it('what is wrong is said, with the remedy, and exits with 1', async () => {
    await json('provider', 'add', 'stub', '--base-url', stub.url, '--model', 'stub-1');
    const tested = await d.run('provider', 'test', 'stub', '--json');
    expect(tested.code).toBe(1);
    expect(tested.json()).toMatchObject({ ok: false });
    expect(tested.stdout).toContain('Save the right key');
    const cases: [string[], RegExp][] = [
      [['provider', 'add', 'x', '--base-url', 'http://10.0.0.1/v1'], /private/i],
      [['provider', 'add', 'x', '--base-url', 'ftp://example.com'], /baseUrl/],
      [['provider', 'test', 'none'], /no provider none/],
      [['critic', 'show', 'none'], /no critic none/],
      [['critic', 'run', 'none'], /no critic none/],
      [['critic', 'compare', '1', '2'], /asks no critic/],
    ];
    for (const [args, said] of cases) {
      const ended = await d.run(...args);
      expect([args.join(' '), ended.code]).toEqual([args.join(' '), 1]);
      expect(ended.stderr).toMatch(said);
    }
  }, 120_000);
});
