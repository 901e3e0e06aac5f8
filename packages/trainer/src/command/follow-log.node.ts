import { open } from 'node:fs/promises';
import { LineSplitter, type LogLine } from './line-splitter.ts';

const CHUNK = 65_536;

/** Follows a file that another process writes, from a byte on; a file that is not there yet is waited for. */
export class LogFollower {
  readonly path: string;
  /** The byte behind the last one that was read. */
  position: number;
  private splitter = new LineSplitter();

  constructor(path: string, position = 0) {
    this.path = path;
    this.position = position;
  }

  /** Gives what was added since, a chunk's lines at a time; a file that became shorter is read from its beginning. */
  async *read(): AsyncGenerator<LogLine[]> {
    const file = await open(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (!file) return;
    try {
      if ((await file.stat()).size < this.position) {
        this.position = 0;
        this.splitter = new LineSplitter();
      }
      const buffer = Buffer.allocUnsafe(CHUNK);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK, this.position);
        if (bytesRead === 0) return;
        this.position += bytesRead;
        yield this.splitter.push(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  }

  /** The last line, when nothing ends it any more. */
  end(): LogLine[] {
    return this.splitter.end();
  }
}
