import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TINY, type TinyShape, tinySource } from './tiny-llama.fixture.ts';

/** Writes the small model into a folder as a download would have it. */
export const writeTinyFolder = async (
  folder: string,
  { shape = TINY, seed = 1 }: { shape?: TinyShape; seed?: number } = {},
): Promise<string> => {
  const source = tinySource(shape, seed);
  await mkdir(path.join(folder, 'onnx'), { recursive: true });
  for (const below of ['', 'onnx'])
    for (const name of await source.list(below)) {
      const file = below === '' ? name : `${below}/${name}`;
      await writeFile(path.join(folder, file), await source.read(file));
    }
  return folder;
};
