import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '@flywheel/testkit/command';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, desk } from './cli.fixture.ts';

const GSM8K = path.join(import.meta.dirname, '../../../../shared/data/gsm8k/example_model_solutions.jsonl');

describe.each(['alone', 'served'] as const)('commands, %s', (mode) => {
  let d: Desk;
  let imported: Awaited<ReturnType<Desk['run']>>;
  beforeAll(async () => {
    d = await desk(mode);
    imported = await d.run('import', await d.file(300), '--preset', 'processbench', '--json');
  }, 60_000);
  afterAll(() => d.close());

  it('[C1] import', async () => {
    expect(imported.json()).toMatchObject({ imported: 300, duplicates: 0, rejected: 0, rejectsFile: null });
    expect(imported.json().seconds).toBeGreaterThan(0);
    expect(imported.code).toBe(0);
    const file = await d.file(3, path.join('again', 'traces-300.jsonl'));
    await writeFile(file, `${await readFile(file, 'utf8')}{"problem": cut off\n`);
    const again = (await d.run('import', file, '--preset', 'processbench', '--no-verify', '--json')).json();
    expect(again).toMatchObject({ imported: 0, duplicates: 3, rejected: 1 });
    expect(await readFile(again.rejectsFile as string, 'utf8')).toContain('cut off');
  });

  it('[C1] import with a mapping file', async () => {
    const map = path.join(d.home, 'map.json');
    const file = path.join(d.home, 'mine.jsonl');
    await writeFile(
      map,
      JSON.stringify({
        reader: 'fields',
        prompt: 'q',
        steps: { path: 'a', split: 'lines' },
        task: { constant: 'mine' },
        model: { constant: 'm' },
        source: 'mine',
      }),
    );
    await writeFile(file, `${JSON.stringify({ q: 'one?', a: 'first\nsecond' })}\n`);
    expect((await d.run('import', file, '--map', map, '--json')).json()).toMatchObject({
      imported: 1,
      rejected: 0,
    });
  });

  it('[C1] judge', async () => {
    const judged = (
      await d.run('judge', 'calc-annotations', '--slice', 'model:model-1 -task:mine', '--json')
    ).json();
    expect(judged).toMatchObject({ judged: 100, notApplicable: 0, failed: 0 });
    expect(judged.runId).toBeTypeOf('number');
    expect(judged.seconds).toBeTypeOf('number');
  });

  it('[C1] calibrate', async () => {
    const result = (await d.run('calibrate', 'calc-annotations', '--gold', 'imported-gold', '--json')).json();
    expect(result).toMatchObject({ n: 300, judge: 'verifier:calc-annotations', gold: 'human:imported-gold' });
    for (const key of [
      'accError',
      'accClean',
      'f1',
      'exact',
      'solution',
      'intervals',
      'baseline',
      'disagreements',
    ])
      expect(result, key).toHaveProperty(key);
    expect(Object.keys(result.solution as object).sort()).toEqual([
      'f1',
      'kappa',
      'mcc',
      'precision',
      'recall',
    ]);
    const [first] = result.disagreements as string[];
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    const sliced = (
      await d.run('calibrate', 'calc-annotations', '--slice', 'model:model-0', '--json')
    ).json();
    expect(sliced).toMatchObject({ n: 100, gold: 'human:imported-gold' });
  });

  it('[C1] sql', async () => {
    const result = (
      await d.run(
        'sql',
        'SELECT model, count(*) AS n FROM traces WHERE task <> $$mine$$ GROUP BY ALL ORDER BY ALL',
        '--json',
      )
    ).json();
    expect(result.columns).toEqual([
      { name: 'model', type: 'VARCHAR' },
      { name: 'n', type: 'BIGINT' },
    ]);
    expect((result.rows as [string, number | string][]).map(([m, n]) => [m, Number(n)])).toEqual([
      ['model-0', 100],
      ['model-1', 100],
      ['model-2', 100],
    ]);
    const text = await d.run('sql', "SELECT 'a\tb' AS x, [1, 2] AS y, NULL AS z");
    expect(text.stdout).toBe('x\ty\tz\na\\tb\t[1,2]\t\n');
  });

  it('[C1] export', async () => {
    const out = path.join(d.home, 'out.jsonl');
    const result = (
      await d.run('export', 'jsonl', '--slice', 'model:model-2', '--out', out, '--json')
    ).json();
    expect(result).toMatchObject({ written: 100, skipped: 0 });
    const bytes = await readFile(out);
    expect(result.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(bytes.toString().trimEnd().split('\n')).toHaveLength(100);
    expect(JSON.parse(await readFile(`${out}.card.json`, 'utf8'))).toMatchObject({
      file: 'out.jsonl',
      written: 100,
    });
  });

  it('[C2] doctor finds nothing wrong, and a backup opens as a workspace', async () => {
    const doctor = await d.run('doctor', '--json');
    expect(doctor.code).toBe(0);
    expect((doctor.json().checks as { ok: boolean }[]).every((c) => c.ok)).toBe(true);
    const { folder } = (await d.run('backup', '--json')).json();
    const copy = await runCommand([
      'sql',
      'SELECT count(*) FROM traces',
      '--home',
      folder as string,
      '--json',
    ]);
    expect(copy.json().rows).toEqual(
      (await d.run('sql', 'SELECT count(*) FROM traces', '--json')).json().rows,
    );
    const text = await runCommand([
      'export',
      'jsonl',
      '--slice',
      '"start with 7"',
      '--out',
      path.join(d.home, 'seven.jsonl'),
      '--home',
      folder as string,
      '--json',
    ]);
    expect(text.json().written).toBe(3);
  }, 60_000);

  it('[C3] progress goes to stderr, the result alone to stdout', async () => {
    const { stdout, stderr } = await d.run('judge', 'calc-annotations', '--json');
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toMatch(/Calculation annotations \(run \d+\): succeeded, 300 done/);
    const listed = (await d.run('run', 'list', '--json')).json().runs as { kind: string; state: string }[];
    expect(listed[0]).toMatchObject({ kind: 'verify', state: 'succeeded' });
    expect((await d.run('run', 'list')).stdout.split('\n')[0]).toMatch(
      /^Calculation annotations \(run \d+\): succeeded/,
    );
  });
});

describe('mistakes', () => {
  let alone: Desk;
  let held: Desk;
  beforeAll(async () => {
    alone = await desk('alone');
    held = await desk('served');
    for (const d of [alone, held])
      await d.run('import', await d.file(30), '--preset', 'processbench', '--no-verify');
    for (const d of [alone, held]) await d.run('judge', 'calc-annotations');
  }, 60_000);
  afterAll(() => Promise.all([alone.close(), held.close()]));

  it.each([
    [
      'a query that does not read',
      ['judge', 'calc-annotations', '--slice', 'outcome:rong'],
      1,
      /at 9: "rong": `outcome` is one of right, wrong/,
    ],
    [
      'a query to export',
      ['export', 'jsonl', '--slice', 'steps:(', '--out', '/tmp/never.jsonl'],
      1,
      /at \d+: /,
    ],
    [
      'a missing file',
      ['import', '/no/such/file.jsonl'],
      1,
      /There is no file \/no\/such\/file\.jsonl\. Check the path\./,
    ],
    ['a folder as file', ['import', '/tmp'], 1, /\/tmp is a folder/],
    [
      'an unknown preset',
      ['import', import.meta.filename, '--preset', 'nope'],
      1,
      /no preset "nope"\. Presets: gsm8k-solutions/,
    ],
    [
      'a missing mapping',
      ['import', import.meta.filename, '--map', '/no/map.json'],
      1,
      /--map \/no\/map\.json: it cannot be read/,
    ],
    [
      'a mapping that is no JSON',
      ['import', import.meta.filename, '--map', import.meta.filename],
      1,
      /it is no JSON/,
    ],
    [
      'preset and mapping',
      ['import', import.meta.filename, '--map', 'a', '--preset', 'b'],
      1,
      /either --preset or --map/,
    ],
    ['an unknown verifier', ['judge', 'nope'], 1, /no verifier "nope"\. Verifiers: final-answer, /],
    [
      'a judge that said nothing',
      ['calibrate', 'dyck'],
      1,
      /No judge "dyck".*Run it first: flywheel judge dyck/s,
    ],
    ['an unknown gold', ['calibrate', 'calc-annotations', '--gold', 'eve'], 1, /No judge "eve"/],
    [
      'an unknown format',
      ['export', 'nope', '--out', '/tmp/never.jsonl'],
      1,
      /no format "nope"\. Formats: trl-stepwise/,
    ],
    [
      'a folder to write to that is not there',
      ['export', 'jsonl', '--out', '/no/such/x.jsonl'],
      1,
      /there is no folder \/no\/such\. Make it first/,
    ],
    ['SQL that writes', ['sql', 'DROP TABLE trace'], 1, /Only SELECT is allowed/],
    ['SQL with an error', ['sql', 'SELECT nope FROM traces'], 1, /nope/],
    ['an unknown run', ['run', 'retry', '999'], 1, /no run 999/],
    ['an act that does not fit', ['run', 'cancel', '1'], 1, /A succeeded run cannot cancel/],
    ['no command of ours', ['frobnicate'], 2, /unknown command 'frobnicate'/],
    ['an unknown option', ['sql', 'SELECT 1', '--nope'], 2, /unknown option '--nope'/],
    ['a missing argument', ['import'], 2, /missing required argument 'file'/],
    ['a missing option', ['export', 'jsonl'], 2, /required option '--out <file>'/],
    ['a run that is no number', ['run', 'cancel', 'x'], 2, /named by its number/],
  ])('[C4] %s: says so on stderr, and ends with a code', async (name, args, code, message) => {
    const early = /query|missing|folder|JSON|preset and/.test(name);
    // What is wrong before the workspace is opened is the same whoever holds it.
    const desks = code === 2 || early ? [alone] : [alone, held];
    await Promise.all(
      desks.map(async (d) => {
        const ended = await d.run(...args);
        expect(ended.stderr).toMatch(message);
        expect(ended.code).toBe(code);
        expect(ended.stdout).toBe('');
        expect(ended.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
      }),
    );
  });
});

it('[C5] help names every command, its options and the values they take', async () => {
  const { code, stdout } = await runCommand(['--help']);
  expect(code).toBe(0);
  const commands = [
    'serve',
    'import',
    'judge',
    'calibrate',
    'export',
    'sql',
    'run',
    'provider',
    'critic',
    'doctor',
    'backup',
  ];
  for (const name of commands) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  const about: [string, RegExp][] = [
    ['import', /--preset <name>.*gsm8k-solutions/s],
    ['judge', /calc-annotations +Calculation annotations/],
    ['calibrate', /--gold <judge>/],
    ['export', /trl-stepwise/],
    ['sql', /traces, problems, steps, judgements/],
    ['serve', /--port <n>/],
  ];
  for (const [name, text] of about) expect((await runCommand([name, '--help'])).stdout, name).toMatch(text);
}, 60_000);

it('[C1] final-answer takes the given outcome as gold, and agrees with it on all of GSM8K', async (context) => {
  if (!existsSync(GSM8K)) {
    console.warn(`${GSM8K} is absent: final-answer was not calibrated on real traces`);
    return context.skip();
  }
  const d = await desk('alone');
  try {
    const imported = (await d.run('import', GSM8K, '--no-verify', '--json')).json();
    expect(imported).toMatchObject({ imported: 5_276, duplicates: 0, rejected: 0 });
    expect((await d.run('judge', 'final-answer', '--json')).json()).toMatchObject({
      judged: 5_276,
      failed: 0,
    });
    const result = (await d.run('calibrate', 'final-answer', '--json')).json();
    expect(result).toMatchObject({
      n: 5_276,
      gold: 'human:given-outcome',
      solution: { mcc: 1 },
      disagreements: [],
    });
  } finally {
    await d.close();
  }
}, 120_000);
