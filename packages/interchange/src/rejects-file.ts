import { type FileHandle, open } from 'node:fs/promises';
import type { Reject } from '@flywheel/domain/ingest';

/** The file of rejects, one JSON object a line. Failures name the file and what to do. */
export class RejectsFile {
  private readonly path: string;
  private readonly handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
  }

  static async create(path: string): Promise<RejectsFile> {
    const handle = await open(path, 'w').catch((cause) => {
      throw unwritable(path, cause);
    });
    return new RejectsFile(path, handle);
  }

  async add(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return;
    await this.handle.appendFile(rejects.map((r) => `${JSON.stringify(r)}\n`).join('')).catch((cause) => {
      throw unwritable(this.path, cause);
    });
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

const unwritable = (path: string, cause: NodeJS.ErrnoException): Error =>
  new Error(
    `The rejects file ${path} cannot be written (${cause.code ?? cause.message}). Check the folder and its free space.`,
    {
      cause,
    },
  );
