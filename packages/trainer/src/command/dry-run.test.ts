import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { EXPORT_FORMATS } from '@flywheel/interchange/exports/formats';
import { expect, it } from 'vitest';
import { CommandTrainer } from './command-trainer.ts';
import { dryRun } from './dry-run.ts';
import { fake, valuesFor } from './fake-trainer.fixture.ts';
import { shellLine } from './shell-quote.ts';
import { COMMAND_TEMPLATES } from './templates/all.ts';

const refusal = (change: object): string => {
  const parsed = CommandTrainer.safeParse({ ...fake('good'), ...change });
  return parsed.error?.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('\n') ?? '';
};

it('[T1] a template is an array; unknown placeholders are refused with their place', () => {
  expect(refusal({})).toBe('');
  expect(refusal({ command: 'trl sft' })).toContain('command');
  expect(refusal({ command: ['trl', '--x={datset}'] })).toContain(
    'command[1], character 5: there is no placeholder {datset}',
  );
  expect(refusal({ env: { A: '{x}' } })).toContain('env.A, character 1');
  expect(refusal({ files: { 'a.yaml': 'a: 1\nb: {x}\n' } })).toContain('files["a.yaml"], character 9');
  expect(refusal({ command: ['t', '{{x}} {"json": 1}'] })).toBe('');
  expect(refusal({ command: ['t', '{config}'] })).toContain('{config} is the first of the files');
});

it('[T2] in a config a value stands alone, without quotes; paths stay below their folders', () => {
  expect(refusal({ files: { 'a.yaml': 'x: 1\nout: {out}/log' } })).toContain(
    'files["a.yaml"], line 2: write {out} alone',
  );
  expect(refusal({ files: { 'a.json': '{"a": "{out}"}' } })).toContain('line 1');
  expect(refusal({ files: { 'a.json': '{"a":{out},"b":[{seed}]}' } })).toBe('');
  for (const file of ['../x', '/etc/x', 'a/../../x', 'C:\\x', 'command/start.json'])
    expect(refusal({ files: { [file]: '' } }), file).not.toBe('');
  expect(refusal({ expects: ['../model'] })).not.toBe('');
  expect(refusal({ metrics: [{ kind: 'regex', pattern: 'x=(?<los>.)' }] })).toContain('no figure "los"');
  expect(refusal({ metrics: [{ kind: 'regex', pattern: '(' }] })).toContain('no regular expression');
});

it.each([
  [{ dataset: '--push_to_hub' }, '{dataset}'],
  [{ base: '-m' }, 'leading dash'],
  [{ out: 'relative' }, 'whole path'],
  [{ dataset: '/a\nb' }, 'line break'],
  [{ base: 'a\0b' }, 'control character'],
  [{ run: 'a b' }, '{run}'],
  [{ budget: Number.NaN }, '{budget}'],
  [{ seed: 1.5 }, '{seed}'],
])('[T3] values that no command could take are refused: %j', (change, says) => {
  expect(() => dryRun(fake('good'), { ...valuesFor('/r'), ...change }, '/r')).toThrow(says);
});

it('[T4] the line for people is what a shell takes apart into the same arguments', () => {
  const words = ["it's", '', '$(id)', 'a b', '"', '\\', '*', ';', '~', '#x', '!', 'ü', '{}', '`id`', '--a=b'];
  const code = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
  const line = shellLine([process.execPath, '-e', code, '--', ...words]);
  expect(JSON.parse(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }))).toEqual(words);
});

it('[T4] a dry run shows all that a start does, secrets by name only', () => {
  process.env.HF_TOKEN_TEST = 'hf_abcdefgh';
  const plan = dryRun({ ...fake('good'), secrets: ['HF_TOKEN_TEST'] }, valuesFor('/r'), '/r');
  delete process.env.HF_TOKEN_TEST;
  expect(plan).toMatchObject({
    argv: [process.execPath, expect.any(String), 'good', '/r/out', '3'],
    cwd: '/r',
    totalSteps: 3,
    secrets: ['HF_TOKEN_TEST'],
    checks: ['/r/out/model*.safetensors', '/r/out/config.json'],
  });
  expect(plan.extracts).toHaveLength(2);
  expect(JSON.stringify(plan)).not.toContain('hf_abcdefgh');
});

it.each(COMMAND_TEMPLATES.map((t) => [t.name, t] as const))(
  '[T15] the template %s holds together and takes a format that there is',
  (_, template) => {
    const plan = dryRun(
      template,
      { ...valuesFor('/r'), dataset: "/d/it's; x.jsonl", base: 'Qwen/Qwen2.5-0.5B' },
      '/r',
    );
    const format = EXPORT_FORMATS.find((f) => f.id === plan.dataset);
    expect(format?.extension).toBe('.jsonl');
    const config = plan.files[0]?.content;
    expect(config).toContain(`data_files: "/d/it's; x.jsonl"\n`);
    expect(config).toContain('max_steps: 3\n');
    // Where a word may reach a shell (ray joins what follows "--"), no value stands in it.
    if (plan.argv[0] === 'ray')
      expect(plan.argv.slice(plan.argv.indexOf('--'))).toEqual(['--', 'trl', 'sft', '--config', 'sft.yaml']);
    if (plan.stop) expect(plan.stop.line).toContain('flywheel-r1');
  },
);

const GUIDE = readFileSync(new URL('../../../../docs/bring-your-own-trainer.md', import.meta.url), 'utf8');
const indented = (text: string): string => text.trimEnd().replace(/^(?=.)/gm, '    ');

it.each(COMMAND_TEMPLATES.map((t) => [t.name, t] as const))(
  '[T16] the guide shows what a dry run of %s prints',
  (name, template) => {
    const values = {
      dataset: '/data/train.jsonl',
      base: 'Qwen/Qwen2.5-0.5B-Instruct',
      out: '/runs/7/out',
      budget: 500,
      seed: 1,
      run: 'run-7',
    };
    const plan = dryRun(template, values, '/runs/7');
    const section = GUIDE.split(`### ${name}\n`)[1]?.split('\n### ')[0];
    expect(section).toContain(`\n    ${plan.line}\n`);
    expect(section).toContain(`It takes \`${plan.dataset}\`.`);
    if (plan.stop) expect(section).toContain(`# to stop it: ${plan.stop.line}\n`);
    for (const { path, content } of plan.files) {
      expect(section).toContain(`\`${path}\``);
      // A file that several share stands with the first.
      expect(GUIDE).toContain(indented(content));
    }
  },
);
