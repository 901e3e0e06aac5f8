import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { IngestTrace, Reject } from '@flywheel/domain/ingest';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guess } from './guess.ts';
import { importFiles } from './import-files.ts';
import { mapRecord } from './map-record.ts';
import { Mapping } from './mapping.ts';
import { PRESETS } from './presets.ts';
import { readRecords, readSample } from './records.ts';
import { splitSteps } from './split-steps.ts';
import { tracesOf } from './traces-of.fixture.ts';

const DATA = new URL('../../../../shared/data/', import.meta.url).pathname;
const present = existsSync(DATA);
if (!present) console.warn(`SKIPPED: ${DATA} is absent; importers were not checked on real files.`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywheel-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = async (path: string, mapping: Mapping, name = path) => {
  const traces: IngestTrace[] = [];
  const rejectsFile = join(folder, 'rejects.jsonl');
  const counts = await importFiles([path], mapping, {
    names: [name],
    rejectsFile,
    write: async (blocks) => {
      const batch = tracesOf(blocks);
      traces.push(...batch);
      return { imported: batch.length, duplicates: 0 };
    },
  });
  const rejects = readFileSync(rejectsFile, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((l): Reject => JSON.parse(l));
  return { traces, rejects, ...counts };
};
const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const QA = Mapping.parse({
  reader: 'fields',
  prompt: 'q',
  steps: { path: 'a', split: 'lines' },
  task: { path: '$file' },
  model: { constant: 'm' },
  source: 't',
  firstError: { path: 'err', base: 1 },
});

describe.skipIf(!present)('real files', () => {
  it('[I1] gsm8k-solutions: 5,276 traces of 1,319 problems, with the published accuracies', async () => {
    const path = `${DATA}gsm8k/example_model_solutions.jsonl`;
    expect(guess(await readSample(path)).preset).toBe('gsm8k-solutions');
    const { traces, rejects } = await run(path, PRESETS['gsm8k-solutions']);
    expect(rejects).toEqual([]);
    expect(new Set(traces.map((t) => t.id)).size).toBe(5276);
    expect(new Set(traces.map((t) => t.problemId)).size).toBe(1319);
    const accuracy = (model: string) => {
      const own = traces.filter((t) => t.model === model);
      return ((100 * own.filter((t) => t.given === 'right').length) / own.length).toFixed(2);
    };
    expect(
      ['6b_finetuning', '6b_verification', '175b_finetuning', '175b_verification'].map(accuracy),
    ).toEqual(['21.68', '39.04', '34.72', '56.25']);
    const source = JSON.parse(readFileSync(path, 'utf8').split('\n')[0] as string);
    expect(traces[0]?.steps.join('\n')).toBe(source['6b_finetuning'].solution);
  });

  it.each(['dyck_languages', 'multistep_arithmetic', 'tracking_shuffled_objects'])(
    '[I2] big-bench-mistake %s: the mistake is gold',
    async (task) => {
      const path = `${DATA}big-bench-mistake/${task}.dev.jsonl`;
      expect(guess(await readSample(path)).preset).toBe('big-bench-mistake');
      const { traces, rejects } = await run(path, PRESETS['big-bench-mistake']);
      const records = readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l));
      expect(rejects).toEqual([]);
      expect(traces.map((t) => t.gold?.position)).toEqual(records.map((r) => r.mistake_index ?? -1));
      expect(new Set(traces.map((t) => t.task))).toEqual(new Set([task]));
    },
  );
});

describe('bad input', () => {
  it('[I3] keeps the good lines; every bad one is reported with its line and reason', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\uFEFF{"q":"one","a":"x\\ny"}\r\n\n{"q":"two"\n'),
      Buffer.from([0x7b, 0x22, 0x71, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d, 10]),
      Buffer.from('{"q":"four"}\n[1]\n{"q":"six","a":"s","err":7}\n{"q":"seven","a":"s\\nt","err":"2"}'),
    ]);
    const { traces, rejects } = await run(file('bad.jsonl', bytes), QA);
    expect(traces.map((t) => [t.prompt, t.gold?.position])).toEqual([
      ['one', undefined],
      ['seven', 1],
    ]);
    expect(rejects.map((r) => [r.line, r.reason.replace(/: .*$/, '')])).toEqual([
      [3, 'not JSON'],
      [4, 'invalid UTF-8 at byte 6'],
      [5, '`a` (steps) is not text'],
      [6, 'the line is not a JSON object'],
      [7, '`err` is 7, but the trace has 1 steps counted from 1'],
    ]);
  });

  it('[I4] names like __proto__ are data and reach no prototype', async () => {
    const { traces } = await run(
      file('p.jsonl', '{"q":"a","a":"b","__proto__":{"polluted":1},"constructor":2}'),
      QA,
    );
    expect(Object.keys(traces[0]?.extra ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(JSON.stringify(traces[0]?.extra)).toBe('{"__proto__":{"polluted":1},"constructor":2}');
  });

  it('[I5] a record nested too deeply is rejected, and takes nothing else with it', async () => {
    const deep = (n: number) => `{"q":"d","a":"b","x":${'['.repeat(n)}${']'.repeat(n)}}`;
    const { traces, rejects } = await run(
      file('deep.jsonl', `${deep(190)}\n${deep(4_000)}\n${deep(1e6)}\n${deep(1)}`),
      QA,
    );
    expect(traces).toHaveLength(2);
    expect(rejects.map((r) => [r.line, r.reason])).toEqual([
      [2, 'nested more than 200 levels deep'],
      [3, 'nested more than 200 levels deep'],
    ]);
  });

  it('[I5] a line of more than 10 MB is rejected, one just below is kept, with 500 steps', async () => {
    const line = (n: number) => JSON.stringify({ q: 'q', a: `${'s\n'.repeat(500)}${'x'.repeat(n)}` });
    const { traces, rejects } = await run(file('big.jsonl', `${line(9_000_000)}\n${line(11_000_000)}\n`), QA);
    expect(traces.map((t) => t.steps.length)).toEqual([501]);
    expect(rejects).toMatchObject([{ line: 2, reason: 'the line is 10.5 MB long; at most 10 MB' }]);
  });
});

describe('reading', () => {
  it('[I6] lines are the same however they are compressed, and whatever they hold', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', '\n', '\r', '"', '€', '😀', ' '),
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (values) => {
        const lines = Buffer.from(values.map((v) => JSON.stringify({ v })).join('\n'));
        const read = async (path: string) => {
          const out: unknown[] = [];
          for await (const { records } of readRecords(path))
            out.push(...records.map((r) => (r.value as { v: string }).v));
          return out;
        };
        expect(await read(file('a.jsonl', lines))).toEqual(values);
        expect(await read(file('a.jsonl.gz', gzipSync(lines)))).toEqual(values);
        expect(await read(file('a.jsonl.zst', zstdCompressSync(lines)))).toEqual(values);
      }),
      { numRuns: 30 },
    );
  });

  it('[I7] the same file gives the same ids; equal records in one file are all kept', async () => {
    const path = file('same.jsonl', '{"q":"a","a":"b"}\n{"q":"a","a":"b"}\n{"q":" a","a":"c"}\n');
    const first = (await run(path, QA)).traces;
    expect((await run(path, QA)).traces).toEqual(first);
    expect(new Set(first.map((t) => t.id)).size).toBe(3);
    expect(new Set(first.map((t) => t.problemId)).size).toBe(1);
  });

  it('[I8] reads JSON arrays and CSV', async () => {
    expect((await run(file('a.json', '[{"q":"a","a":"b"}]'), QA)).traces).toHaveLength(1);
    expect((await run(file('a.csv', 'q,a,err\n"x, y","s1\ns2",N/A\n'), QA)).traces).toMatchObject([
      { prompt: 'x, y', steps: ['s1', 's2'], gold: { position: -1 } },
    ]);
  });
});

describe('mapping', () => {
  it('[I9] splits steps and loses no character of them', () => {
    expect(splitSteps('a\n\nb\nc', 'blank-lines')).toEqual(['a', 'b\nc']);
    expect(splitSteps('Intro\nStep 1: a\nmore\nStep 2: b', 'numbered')).toEqual([
      'Intro',
      'Step 1: a\nmore',
      'Step 2: b',
    ]);
    expect(splitSteps('It is 3.5 now. Then $4. So 5', 'sentences')).toEqual([
      'It is 3.5 now.',
      'Then $4.',
      'So 5',
    ]);
  });

  it('[I10] puts a mapping together from the names of unknown fields; what it does not use is kept', () => {
    const record = {
      question: 'How many?',
      response: 'Step 1: a\nStep 2: b',
      ground_truth: '3',
      model_name: 'x',
      level: 4,
    };
    const { preset, mapping } = guess([record]);
    expect(preset).toBeNull();
    expect(mapRecord(mapping as Mapping, record, 'dir/my-task.v2.jsonl')).toMatchObject([
      {
        prompt: 'How many?',
        steps: ['Step 1: a', 'Step 2: b'],
        reference: '3',
        model: 'x',
        task: 'my-task',
        extra: { level: 4 },
      },
    ]);
  });

  it('[I11] ProcessBench, PRM800K and chat files', () => {
    const bench = {
      id: 'x',
      generator: 'g',
      problem: 'p',
      steps: ['a', 'b'],
      final_answer_correct: false,
      label: 1,
    };
    expect(mapRecord(guess([bench]).mapping as Mapping, bench, 'gsm8k.jsonl')).toMatchObject([
      { model: 'g', given: 'wrong', gold: { position: 1, labels: [1, -1] }, extra: { id: 'x' } },
    ]);
    const prm = {
      question: { problem: 'p', ground_truth_answer: '3' },
      label: {
        steps: [
          { completions: [{ text: 'a', rating: 1 }], chosen_completion: 0 },
          { completions: [{ text: 'b', rating: -1 }], chosen_completion: null },
        ],
        finish_reason: 'found_error',
      },
    };
    expect(mapRecord(guess([prm]).mapping as Mapping, prm, 'f')).toMatchObject([
      { steps: ['a', 'b'], reference: '3', gold: { position: 1, labels: [1, -1] } },
    ]);
    const chat = {
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'a\n\nb' },
      ],
    };
    expect(mapRecord(guess([chat]).mapping as Mapping, chat, 'f.jsonl')).toMatchObject([
      { prompt: 'hi', steps: ['a', 'b'], model: 'unknown', task: 'f' },
    ]);
  });
});
