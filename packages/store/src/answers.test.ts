import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Answers, type CachedAnswer } from './answers.ts';

let home: string;
let path: string;
let answers: Answers;

const keyOf = (n: number): string => n.toString(16).padStart(64, '0');
const answer = (n: number, more: Partial<CachedAnswer> = {}): CachedAnswer => ({
  text: `{"first_error": ${n}}\n\u{1F986}`,
  finish: 'stop',
  usage: { input: 400 + n, output: 30, estimated: n % 2 === 0 },
  modelMs: 20.25,
  baseUrl: 'http://127.0.0.1:8000/v1',
  model: 'qwen',
  at: 1_700_000_000_000,
  ...more,
});
const put = (from: number, to: number, text?: string): void => {
  for (let n = from; n < to; n++) answers.put(keyOf(n), answer(n, text === undefined ? {} : { text }));
};

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'flywheel-answers-'));
  path = join(home, 'answers.sqlite');
  answers = new Answers(path);
});
afterEach(async () => {
  await answers.close().catch(() => undefined);
  rmSync(home, { recursive: true, force: true });
});

it('[S54] an answer is there at once, whole, and over a restart; a later one of its key takes its place', async () => {
  put(0, 300);
  expect(answers.get(keyOf(299))).toEqual(answer(299));
  await answers.close();
  answers = new Answers(path);
  expect(answers.get(keyOf(7))).toEqual(answer(7));
  expect(answers.get(keyOf(300))).toBeUndefined();
  expect(answers.has([keyOf(1), keyOf(2), keyOf(999)])).toBe(2);
  answers.put(keyOf(7), answer(7, { text: 'again', finish: 'length' }));
  await answers.flush();
  expect(answers.get(keyOf(7))).toMatchObject({ text: 'again', finish: 'length' });
});

it('[S54] an answer that is put again while the first is being written is the one that stays', async () => {
  const first = answer(1);
  answers.put(keyOf(1), first);
  const flushed = answers.flush();
  answers.put(keyOf(1), answer(1, { text: 'newer' }));
  await flushed;
  answers.put(keyOf(2), first);
  const again = answers.flush();
  answers.put(keyOf(2), first);
  await again;
  await answers.flush();
  expect(answers.get(keyOf(1))?.text).toBe('newer');
  expect(answers.get(keyOf(2))).toEqual(first);
});

it('[S55] what was flushed outlives a kill -9', async () => {
  await answers.close();
  const child = fork(join(import.meta.dirname, 'answers-kill.child.ts'), [path], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let flushed = 0;
  child.on('message', (n: number) => {
    flushed = n;
    if (n >= 2_000) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  answers = new Answers(path);
  expect(flushed).toBeGreaterThanOrEqual(2_000);
  expect(answers.movedTo).toBeNull();
  expect(answers.has(Array.from({ length: flushed }, (_, n) => keyOf(n)))).toBe(flushed);
});

it('[S56] a file that is no database, or damaged, is moved aside, and the store goes on with a new one', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  put(0, 500, 'x'.repeat(1_000));
  await answers.close();
  const whole = readFileSync(path);
  for (const [n, harm] of [
    () => 'this is not a database, and never was. '.repeat(500),
    () => whole.fill(0xab, 0, 8_192),
  ].entries()) {
    const bytes = harm();
    writeFileSync(path, bytes);
    answers = new Answers(path);
    expect(answers.movedTo).toBe(n === 0 ? `${path}.damaged` : `${path}.damaged-2`);
    expect(readFileSync(answers.movedTo as string).equals(Buffer.from(bytes))).toBe(true);
    expect(warned.mock.lastCall?.[0]).toContain('was moved to');
    expect(answers.get(keyOf(1))).toBeUndefined();
    put(0, 3);
    await answers.close();
  }
  warned.mockRestore();
});

it('[S56] damage that shows only later is named, and mended by a check', async () => {
  put(0, 2_000, 'x'.repeat(1_000));
  await answers.close();
  const bytes = readFileSync(path);
  // Pages that opening does not read.
  writeFileSync(path, bytes.fill(0xab, 1_000_000, 1_400_000));
  answers = new Answers(path);
  const all = Array.from({ length: 2_000 }, (_, n) => keyOf(n));
  expect(() => all.map((key) => answers.get(key))).toThrow(/is damaged\. Run `flywheel doctor`/);
  expect(await answers.check()).toEqual({ sound: false, answers: 0, movedTo: `${path}.damaged` });
  put(0, 2);
  await answers.flush();
  expect(await answers.check()).toMatchObject({ sound: true, answers: 2 });
});

it('[S57] a copy that is taken while answers arrive is whole, and holds all that came before', async () => {
  put(0, 3_000, 'x'.repeat(1_000));
  const copying = answers.copyTo(join(home, 'copy.sqlite'));
  const arriving = setInterval(() => put(5_000, 5_020), 1);
  await copying;
  clearInterval(arriving);
  const copy = new Answers(join(home, 'copy.sqlite'));
  expect((await copy.check()).sound).toBe(true);
  expect(copy.has(Array.from({ length: 3_000 }, (_, n) => keyOf(n)))).toBe(3_000);
  await copy.close();
});

/** A file system of 2 MB, where this process may mount one. */
const smallDisk = (at: string): boolean => {
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

it('[S58] on a full disk flush rejects and says so; nothing is lost, and a later flush writes it all', async (context) => {
  const disk = join(home, 'disk');
  if (!smallDisk(disk)) {
    console.warn('skipped: this process may not mount a small disk');
    context.skip();
  }
  const small = new Answers(join(disk, 'answers.sqlite'));
  try {
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(1_200_000));
    const text = 'y'.repeat(2_000);
    for (let n = 0; n < 600; n++) small.put(keyOf(n), answer(n, { text }));
    await expect(small.flush()).rejects.toThrow(
      /The disk is full: answers could not be written to .*Free some/,
    );
    expect(small.get(keyOf(599))?.text).toBe(text);
    await expect(small.flush()).rejects.toThrow('The disk is full');
    rmSync(join(disk, 'ballast'));
    execFileSync('mount', ['-o', 'remount,size=20m', disk]);
    await small.flush();
    expect(small.has(Array.from({ length: 600 }, (_, n) => keyOf(n)))).toBe(600);
    expect(await small.check()).toMatchObject({ sound: true, answers: 600 });
  } finally {
    await small.close().catch(() => undefined);
    execFileSync('umount', [disk]);
  }
  expect(existsSync(join(disk, 'answers.sqlite'))).toBe(false);
});
