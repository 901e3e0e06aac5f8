import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TraceBlock } from '@flywheel/domain/trace-block';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importFiles } from './import-files.ts';
import { Mapping } from './mapping.ts';
import { tracesOf } from './traces-of.fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywheel-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const QA = Mapping.parse({
  reader: 'fields',
  prompt: 'q',
  steps: { path: 'a', split: 'lines' },
  task: { constant: 't' },
  model: { constant: 'm' },
  source: 's',
});
/** A store that keeps what it does not have, as the real one does. */
const sinkOf = (names: string[], wait = 0) => {
  const ids = new Map<string, string>();
  return {
    ids,
    names,
    rejectsFile: join(folder, 'rejects.jsonl'),
    write: async (blocks: TraceBlock[]) => {
      const traces = tracesOf(blocks);
      await new Promise((r) => setTimeout(r, wait));
      const before = ids.size;
      for (const t of traces) ids.set(t.id, t.prompt);
      return { imported: ids.size - before, duplicates: traces.length - (ids.size - before) };
    },
  };
};
const file = (name: string, lines: unknown[]) => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((l) => `${JSON.stringify(l)}\n`).join(''));
  return path;
};

describe('importFiles', () => {
  it('[I7] the same file twice in one command adds nothing the second time', async () => {
    const path = file('a.jsonl', [
      { q: 'x', a: '1' },
      { q: 'x', a: '1' },
      { q: 'y', a: '1' },
    ]);
    const sink = sinkOf(['a', 'b']);
    expect(await importFiles([path, path], QA, sink)).toMatchObject({
      imported: 3,
      duplicates: 3,
      rejected: 0,
    });
  });

  it('[I17] aborted, it returns at once with the counts of what the sink has taken', async () => {
    const path = file(
      'a.jsonl',
      Array.from({ length: 60_000 }, (_, i) => ({ q: `${i}`, a: 'x'.repeat(100) })),
    );
    const sink = sinkOf(['a'], 20);
    const abort = new AbortController();
    let aborted = 0;
    const counts = await importFiles([path], QA, sink, {
      signal: abort.signal,
      onProgress: (p) => {
        if (p.imported === 0 || abort.signal.aborted) return;
        aborted = performance.now();
        abort.abort();
      },
    });
    expect(performance.now() - aborted).toBeLessThan(500);
    expect(counts.imported).toBe(sink.ids.size);
    expect(counts.imported).toBeGreaterThan(0);
    expect(counts.imported).toBeLessThan(60_000);
    // The same command finishes what was begun.
    const again = await importFiles([path], QA, sink);
    expect(again).toMatchObject({ imported: 60_000 - counts.imported, duplicates: counts.imported });
  });

  it('[I18] an error names the file that cannot be written or read, and the sink is left alone', async () => {
    const path = file('a.jsonl', [{ q: 'x', a: '1' }]);
    const sink = sinkOf(['a']);
    const taken = join(folder, 'taken');
    mkdirSync(taken);
    await expect(importFiles([path], QA, { ...sink, rejectsFile: taken })).rejects.toThrow(
      `${taken} cannot be written`,
    );
    await expect(importFiles([join(folder, 'none.jsonl')], QA, sink)).rejects.toThrow('none.jsonl');
    await expect(
      importFiles([path], QA, { ...sink, write: () => Promise.reject(new Error('disk full')) }),
    ).rejects.toThrow('disk full');
    expect(sink.ids.size).toBe(0);
  });

  it('[I19] many lines, mapped in threads, with many bad ones: each is taken once, in order', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) =>
      i % 10 === 3 ? { q: i } : { q: i, a: `a${i % 100}\n${'b'.repeat(100)}` },
    );
    const sink = sinkOf(['a']);
    const counts = await importFiles([file('a.jsonl', lines)], QA, sink);
    expect(counts).toMatchObject({ imported: 45_000, duplicates: 0, rejected: 5_000 });
    const rejects = readFileSync(sink.rejectsFile, 'utf8')
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l));
    expect(rejects.map((r) => r.line)).toEqual(Array.from({ length: 5_000 }, (_, i) => i * 10 + 4));
    expect([...sink.ids.values()]).toEqual(lines.flatMap((l) => ('a' in l ? [String(l.q)] : [])));
  });
});
