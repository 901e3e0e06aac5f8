import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import type { ByteSource } from './byte-source.ts';

/** A model in a folder of this machine. Paths that lead out of it are refused. */
export const folderSource = (folder: string): ByteSource => {
  const within = (path: string): string => {
    const normal = normalize(path);
    if (isAbsolute(normal) || normal.startsWith('..'))
      throw new Error(`${path} lies outside of the model's folder ${folder}.`);
    return join(folder, normal);
  };
  return {
    name: folder,
    size: async (path) => {
      const found = await stat(within(path)).catch(() => null);
      return found?.isFile() ? found.size : null;
    },
    list: async (path) =>
      (await readdir(within(path), { withFileTypes: true }).catch(() => []))
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name),
    read: async (path) => {
      const bytes = await readFile(within(path)).catch((cause: unknown) => {
        throw new Error(`${path} of the model in ${folder} cannot be read.`, { cause });
      });
      return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
    },
  };
};
