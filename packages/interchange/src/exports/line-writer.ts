import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** Takes the lines of an export, in order. */
export interface LineWriter {
  write(line: unknown): Promise<void>;
  /** Completes the file. Returns the SHA-256 of its bytes, in hex. */
  end(): Promise<string>;
  /** Closes the file as it is; to be called whatever happened. */
  close(): Promise<void>;
}

/** A file written from its beginning, hashed on the way. Failures name the file. */
export class HashedFile {
  private readonly path: string;
  private readonly handle: FileHandle;
  private readonly hash = createHash('sha256');

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
  }

  static async create(path: string): Promise<HashedFile> {
    const handle = await open(path, 'w').catch((cause) => {
      throw unwritable(path, cause);
    });
    return new HashedFile(path, handle);
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.hash.update(bytes);
    await this.handle.appendFile(bytes).catch((cause) => {
      throw unwritable(this.path, cause);
    });
  }

  digest(): string {
    return this.hash.digest('hex');
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

const unwritable = (path: string, cause: NodeJS.ErrnoException): Error =>
  new Error(
    `${path} cannot be written (${cause.code ?? cause.message}). Check the folder and its free space.`,
    { cause },
  );

const CHUNK = 1 << 18;

/** JSON Lines. */
export class JsonLinesWriter implements LineWriter {
  private readonly file: HashedFile;
  private pending: string[] = [];
  private length = 0;

  constructor(file: HashedFile) {
    this.file = file;
  }

  async write(line: unknown): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    this.pending.push(text);
    this.length += text.length;
    if (this.length >= CHUNK) await this.flush();
  }

  async end(): Promise<string> {
    await this.flush();
    return this.file.digest();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.pending.join(''));
    this.pending = [];
    this.length = 0;
    await this.file.append(bytes);
  }
}
