import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { headerLength, LENGTH_BYTES, readHeader } from '../checkpoint/safetensors-header.ts';
import type { OutputFile } from './outcome.ts';

/** What is wrong with a safetensors file, or null: its tensors must fill it to its end. */
const checkSafetensors = async (path: string, bytes: number): Promise<string | null> => {
  const file = await open(path);
  try {
    const beginning = Buffer.alloc(LENGTH_BYTES);
    await file.read(beginning, 0, LENGTH_BYTES, 0);
    const length = headerLength(beginning, bytes);
    if (length === null) return 'is cut off, or no safetensors file';
    const header = Buffer.alloc(length);
    await file.read(header, 0, length, LENGTH_BYTES);
    const { tensors } = readHeader(header);
    if (tensors.length === 0) return 'has no tensors';
    const needed = LENGTH_BYTES + length + tensors.reduce((most, { to }) => Math.max(most, to), 0);
    return needed === bytes
      ? null
      : `has ${bytes.toLocaleString('en')} bytes instead of ${needed.toLocaleString('en')}`;
  } catch (error) {
    if (error instanceof RangeError) return `cannot be read: ${error.message}`;
    throw error;
  } finally {
    await file.close();
  }
};

const checkFile = async (path: string): Promise<OutputFile | string> => {
  const { size, isFile } = await stat(path).then((s) => ({ size: s.size, isFile: s.isFile() }));
  if (!isFile) return 'is no file';
  if (size === 0) return 'is empty';
  if (path.endsWith('.json')) {
    const text = await readFile(path, 'utf8');
    try {
      JSON.parse(text);
    } catch {
      return 'is no whole JSON';
    }
  }
  if (path.endsWith('.safetensors')) {
    const wrong = await checkSafetensors(path, size);
    if (wrong !== null) return wrong;
  }
  return { path, bytes: size };
};

const said = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === 'ENOENT'
    ? 'is missing'
    : `cannot be read: ${(error as Error).message}`;

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Files below a folder that fit a pattern, in which `*` stands for any part of one name. */
const matching = async (folder: string, pattern: string): Promise<string[]> => {
  let found = [''];
  for (const part of pattern.split('/')) {
    const expression = new RegExp(`^${part.split('*').map(escaped).join('.*')}$`);
    const next = await Promise.all(
      found.map(async (at) => {
        if (!part.includes('*')) return [join(at, part)];
        const names = await readdir(join(folder, at)).catch(() => []);
        return names.filter((name) => expression.test(name)).map((name) => join(at, name));
      }),
    );
    found = next.flat();
  }
  return found.sort();
};

/**
 * Looks whether what a trainer promised is there and can be read: JSON whole, safetensors whole, others not empty.
 *
 * @param expects below `out`; `model*.safetensors` wants one file at least, and all of them good
 */
export const checkOutput = async (
  out: string,
  expects: readonly string[],
): Promise<{ files: OutputFile[]; missing: { file: string; why: string }[] }> => {
  const files: OutputFile[] = [];
  const missing: { file: string; why: string }[] = [];
  for (const pattern of expects) {
    const found = await matching(out, pattern);
    if (found.length === 0) missing.push({ file: pattern, why: 'is missing' });
    for (const file of found) {
      const checked = await checkFile(join(out, file)).catch(said);
      if (typeof checked === 'string') missing.push({ file, why: checked });
      else files.push(checked);
    }
  }
  return { files, missing };
};
