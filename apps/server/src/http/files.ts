import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../errors.ts';

export const DOWNLOAD_FOLDERS = ['exports', 'rejects', 'backups'] as const;

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** There is no room for an upload: said to the one who sends it, as a body too large. */
class DiskFullError extends Error {
  readonly statusCode = 413;

  constructor() {
    super('The disk that holds the workspace has no room for this file. Free some space, then try again.');
    this.name = 'DiskFullError';
  }
}

/** The part of a file's name that readers look at: `.jsonl.gz`, `.csv`, ... */
const suffix = (name: string): string => /(\.[a-z0-9]{1,10}){1,2}$/i.exec(name)?.[0].toLowerCase() ?? '';

/** Streams an upload to `<home>/uploads`; a broken one leaves nothing. Returns the name to import it by, and its bytes. */
export const receiveUpload = async (
  home: string,
  name: string,
  body: Readable,
): Promise<{ upload: string; bytes: number }> => {
  const folder = path.join(home, 'uploads');
  await mkdir(folder, { recursive: true });
  const upload = `${randomUUID()}${suffix(name)}`;
  const target = path.join(folder, upload);
  try {
    await pipeline(body, createWriteStream(`${target}.part`, { mode: 0o600 }));
    await rename(`${target}.part`, target);
  } catch (error) {
    await rm(`${target}.part`, { force: true });
    if (FULL.has((error as NodeJS.ErrnoException).code ?? '')) throw new DiskFullError();
    throw error;
  }
  return { upload, bytes: (await stat(target)).size };
};

/**
 * [R7] The real path of `<home>/<folder>/<file>`, or null when it is not a plain file inside that folder:
 * names with separators, dots that climb, and links that lead out are all "not there".
 */
export const downloadable = async (home: string, folder: string, file: string): Promise<string | null> => {
  if (!(DOWNLOAD_FOLDERS as readonly string[]).includes(folder)) return null;
  if (!/^[\w][\w.-]{0,199}$/.test(file)) return null;
  try {
    const root = await realpath(path.join(home, folder));
    const target = await realpath(path.join(root, file));
    return path.dirname(target) === root && (await stat(target)).isFile() ? target : null;
  } catch {
    return null;
  }
};

/** The path of an upload by its name. */
export const uploadPath = (home: string, upload: string): string => {
  if (!/^[\w.-]{1,200}$/.test(upload) || upload.startsWith('.'))
    throw new UserError(`"${upload}" is not the name of an upload.`);
  return path.join(home, 'uploads', upload);
};
