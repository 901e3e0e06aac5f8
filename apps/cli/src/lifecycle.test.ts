import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { openWorkspace } from '@flywheel/server/workspace';
import { LAUNCHER, startCommand } from '@flywheel/testkit/command';
import { afterEach, describe, expect, it } from 'vitest';
import { type Desk, desk } from './cli.fixture.ts';

const MANY = 3_000;
/** Long enough to be stopped in the middle: some 40 calculations a trace. */
const LONG = 12;

let d: Desk;
afterEach(() => d.close());

const filled = async (mode: 'alone' | 'served', n: number): Promise<void> => {
  d = await desk(mode);
  const file = await d.file(n, 'long.jsonl', LONG);
  const imported = await d.run('import', file, '--preset', 'processbench', '--no-verify', '--json');
  expect(imported.json(), imported.stderr).toMatchObject({ imported: n });
};
const newest = async (): Promise<Record<string, unknown>> =>
  ((await d.run('run', 'list', '--json')).json().runs as Record<string, unknown>[])[0] ?? {};

describe('Ctrl-C', () => {
  it.each(['alone', 'served'] as const)(
    '[C6] cancels a long judge cleanly, and resume does the rest (%s)',
    async (mode) => {
      await filled(mode, MANY);
      const judge = d.start('judge', 'calc-annotations', '--json');
      await judge.says(/running/);
      // The terminal and the launcher both send it.
      judge.child.kill('SIGINT');
      judge.child.kill('SIGINT');
      const { code, stdout, stderr } = await judge.finished;
      expect(stderr).toMatch(
        /was cancelled after [\d,]+; what it did is kept\. `flywheel run resume 2` does the rest/,
      );
      expect([code, stdout]).toEqual([130, '']);
      const cut = await newest();
      expect(cut).toMatchObject({ id: 2, state: 'cancelled', total: MANY });
      expect(cut.done).toBeLessThan(MANY);
      const resumed = (await d.run('run', 'resume', '2', '--json')).json().run;
      expect(resumed).toMatchObject({ id: 2, state: 'succeeded', done: MANY, failed: 0 });
      const { rows } = (
        await d.run(
          'sql',
          'SELECT count(*), count(DISTINCT trace_id) FROM judgements WHERE run_id = 2',
          '--json',
        )
      ).json();
      expect((rows as unknown[][])[0]?.map(Number)).toEqual([MANY, MANY]);
    },
    120_000,
  );

  it('[C6] given to the launcher’s whole group, as a terminal does, it stops the server once and cleanly', async () => {
    d = await desk('alone');
    const args = [LAUNCHER, 'serve', '--home', d.home, '--port', '0', '--no-open', '--no-demo'];
    const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(existsSync(path.join(d.home, 'server.json'))).toBe(true);
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    process.kill(-(child.pid as number), 'SIGINT');
    expect(await ended).toBe(0);
    expect(existsSync(path.join(d.home, 'server.json'))).toBe(false);
    expect((await d.run('sql', 'SELECT 1', '--json')).json().rows).toEqual([[1]]);
  }, 60_000);
});

it('[C7] after kill -9 a reading command points at the run, and the same command finishes it', async () => {
  await filled('alone', MANY);
  const judge = d.start('judge', 'calc-annotations');
  await judge.says(/running/);
  judge.child.kill('SIGKILL');
  await judge.finished;
  const looked = await d.run('sql', 'SELECT count(*) FROM judgements WHERE run_id = 2', '--json');
  expect(looked.stderr).toContain(
    'run 2 (Calculation annotations) was interrupted; `flywheel run resume 2` finishes it',
  );
  const kept = Number((looked.json().rows as unknown[][])[0]?.[0]);
  const again = (await d.run('judge', 'calc-annotations', '--json')).json();
  expect(again).toMatchObject({ runId: 2, judged: MANY, failed: 0 });
  const { rows } = (
    await d.run('sql', 'SELECT count(*), count(DISTINCT trace_id) FROM judgements WHERE run_id = 2', '--json')
  ).json();
  expect((rows as unknown[][])[0]?.map(Number)).toEqual([MANY, MANY]);
  expect(kept).toBeLessThan(MANY);
}, 120_000);

it('[C7] a server that dies under a command is said to be gone; the next command finds its run and finishes it', async () => {
  await filled('served', MANY);
  const judge = d.start('judge', 'calc-annotations');
  await judge.says(/running/);
  await d.killServer();
  const { code, stderr } = await judge.finished;
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('The server that holds the workspace gave no answer'),
  ]);
  const again = (await d.run('judge', 'calc-annotations', '--json')).json();
  expect(again).toMatchObject({ runId: 2, judged: MANY, failed: 0 });
}, 120_000);

it('[C7] after kill -9 in an import the same command finishes it, verifiers included', async () => {
  d = await desk('alone');
  const file = await d.file(MANY, 'long.jsonl', LONG);
  const first = d.start('import', file, '--preset', 'processbench');
  await first.says(/running/);
  first.child.kill('SIGKILL');
  await first.finished;
  const again = (await d.run('import', file, '--preset', 'processbench', '--json')).json();
  expect(again).toMatchObject({ runId: 1, rejected: 0 });
  expect(Number(again.imported) + Number(again.duplicates)).toBe(MANY);
  const { rows } = (await d.run('sql', 'SELECT count(*), count(DISTINCT id) FROM traces', '--json')).json();
  expect((rows as unknown[][])[0]?.map(Number)).toEqual([MANY, MANY]);
  const runs = (await d.run('run', 'list', '--json')).json().runs as { kind: string; state: string }[];
  expect(runs.filter((r) => r.state !== 'succeeded')).toEqual([]);
  expect(runs.filter((r) => r.kind === 'verify').length).toBe((again.verifyRuns as number[]).length);
}, 120_000);

describe('who holds the workspace', () => {
  it('[C8] a second server of one home is refused and named the first', async () => {
    d = await desk('served');
    const second = await d.run('serve', '--port', '0', '--no-open');
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringMatching(/process \d+\) holds .* at port \d+/),
    ]);
  });

  it('[C8] a command beside another that has the file says who to stop', async () => {
    d = await desk('alone');
    const held = await openWorkspace(d.home);
    const beside = await d.run('sql', 'SELECT 1');
    await held.close();
    expect([beside.code, beside.stderr]).toEqual([1, expect.stringContaining('Another process holds it')]);
    expect((await d.run('sql', 'SELECT 1')).code).toBe(0);
  }, 60_000);

  it('[C8] the file of a server that died is no server', async () => {
    d = await desk('alone');
    const free = await new Promise<number>((resolve) => {
      const probe = net.createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as net.AddressInfo;
        probe.close(() => resolve(port));
      });
    });
    const left = { pid: process.pid, port: free, token: 'x', startedAt: 0 };
    await writeFile(path.join(d.home, 'server.json'), JSON.stringify(left));
    expect((await d.run('sql', 'SELECT 1', '--json')).json().rows).toEqual([[1]]);
  });

  it('[C8] a port that is taken is named; without --port another one is used', async () => {
    d = await desk('alone');
    const other = net.createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as net.AddressInfo;
    const refused = await d.run('serve', '--port', String(port), '--no-open', '--no-demo');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`Port ${port} is taken`)]);
    other.close();
    expect((await d.run('serve', '--port', 'http')).code).toBe(2);
    const serving = startCommand(['serve', '--home', d.home, '--port', '0', '--no-open', '--no-demo']);
    const [url] = await serving.says(/http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    serving.child.kill('SIGTERM');
    expect((await serving.finished).code).toBe(0);
  }, 60_000);
});
