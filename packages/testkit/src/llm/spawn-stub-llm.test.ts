import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { ask } from './ask.fixture.ts';
import { goldAnswers } from './gold-answers.ts';
import { type SpawnedStub, spawnStubLlm } from './spawn-stub-llm.ts';

let stub: SpawnedStub | undefined;
afterEach(() => stub?.stop());

test('[L12] a child process answers from a gold map that is too long for one argument, as expected beforehand', async () => {
  const gold = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, n) => [`item-${n}`, { firstError: n % 2 ? n % 6 : null, steps: 6 }]),
  );
  expect(JSON.stringify(gold).length).toBeGreaterThan(131_072);
  const options = { accuracy: 0.7, seed: 9 };
  stub = await spawnStubLlm({
    answers: { kind: 'gold-map', gold, ...options },
    keyPattern: '<id>(.+?)</id>',
  });
  const { expectedVerdict } = goldAnswers({ gold: (key) => gold[key], ...options });
  for (let n = 0; n < 30; n++) {
    const { json } = await ask(stub, 'openai', `Judge <id>item-${n}</id>.`);
    expect(JSON.parse(json.choices[0].message.content).first_error).toBe(
      expectedVerdict(`item-${n}`).firstError,
    );
  }
});

test('[L12] it is changed and read from outside, and its record outlives who asked', async () => {
  stub = await spawnStubLlm({ key: 'sk-secret', rules: [{ when: { first: 1 }, then: { kind: 'hang' } }] });
  const authorization = { authorization: 'Bearer sk-secret' };
  await expect(ask(stub, 'openai', 'x', {}, authorization, AbortSignal.timeout(600))).rejects.toThrow();
  expect((await ask(stub, 'openai', 'x', {}, authorization)).status).toBe(200);
  await stub.change({ rules: [{ name: 'down', then: { kind: 'error', error: 'unavailable' } }] });
  expect((await ask(stub, 'openai', 'x', {}, authorization)).status).toBe(503);
  const log = await stub.log();
  expect(log.calls.map(({ end, status, rule }) => ({ end, status, rule }))).toEqual([
    { end: 'gone', status: 0, rule: '0' },
    { end: 'answered', status: 200, rule: null },
    { end: 'answered', status: 503, rule: 'down' },
  ]);
  expect(log.calls[0]?.headers.authorization).toBe('[redacted]');
  expect(log).toMatchObject({ inFlight: 0, peakInFlight: 1 });
  expect((await stub.log(2)).calls.map(({ number }) => number)).toEqual([3]);
  await stub.reset();
  expect((await stub.log()).calls).toEqual([]);
});

test('[L12] stop ends the process; options that it cannot use are told', async () => {
  stub = await spawnStubLlm();
  const { pid, origin } = stub;
  await stub.stop();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await expect(fetch(`${origin}/__calls`)).rejects.toThrow();
  await expect(spawnStubLlm({ keyPattern: '(' })).rejects.toThrow(
    /did not start: [^]*Invalid regular expression/,
  );
});

test('[L12] a killed test takes its stub along', async () => {
  const module = new URL('./spawn-stub-llm.ts', import.meta.url).href;
  const code = `const { spawnStubLlm } = await import('${module}'); console.log((await spawnStubLlm()).pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  expect(process.kill(pid, 0)).toBe(true);
  parent.kill('SIGKILL');
  const gone = (): boolean => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  };
  await expect.poll(gone, { timeout: 5000 }).toBe(true);
});
