import { type FileHandle, open } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** A compressed file that cannot be read to its end; what came before the damage was given out. */
export class DamagedFile extends Error {
  /** Compressed bytes that were taken in before the piece that failed. */
  readonly offset: number;

  constructor(message: string, offset: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'DamagedFile';
    this.offset = offset;
  }
}

export type Packing = 'gz' | 'zst' | null;

/** Compressed bytes a call: bounds what a call can blow up to (deflate makes at most 1,032 bytes of one). */
const PACKED_PIECE = 1 << 16;
const PLAIN_PIECE = 1 << 19;
/** Bytes a call where a damage was found: what the failing call made is lost with it, so it must be little. */
const BITE = 16;

const MAGIC = { gz: [0x1f, 0x8b], zst: [0x28, 0xb5, 0x2f, 0xfd] };

/** Whether bytes begin as packed data does, as far as they go. */
const beginsLike = (bytes: Uint8Array, packing: 'gz' | 'zst'): boolean =>
  MAGIC[packing].every((byte, i) => i >= bytes.length || bytes[i] === byte);

/** How a file is packed, by its first bytes: names lie (`.GZ`, or nothing in the name at all). */
export const packingOf = (head: Uint8Array): Packing => {
  if (head.length < 4) return null;
  return beginsLike(head, 'gz') ? 'gz' : beginsLike(head, 'zst') ? 'zst' : null;
};

/** The first bytes of a file, at most `length`. */
export const headOf = async (path: string, length: number): Promise<Buffer> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

async function* pieces(file: FileHandle, sizeAt: (offset: number) => number): AsyncGenerator<Buffer> {
  for (let offset = 0; ; ) {
    const size = sizeAt(offset);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** One decompressor, driven a call at a time: streams drop what they hold when they fail. */
class Inflater {
  private readonly stream: Transform & { bytesWritten: number };
  private made: Buffer[] = [];
  private ended = false;
  private failure: Error | null = null;
  private wake: () => void = () => undefined;

  constructor(packing: 'gz' | 'zst') {
    const options = { chunkSize: 1 << 16 };
    this.stream = packing === 'gz' ? createGunzip(options) : createZstdDecompress(options);
    this.stream.on('data', (chunk: Buffer) => this.made.push(chunk));
    this.stream.on('end', () => {
      this.ended = true;
      this.wake();
    });
    this.stream.on('error', (error) => {
      this.failure = error;
      this.wake();
    });
  }

  /** @returns what the piece became, and how much of it lies behind the end of the compressed data */
  async take(piece: Buffer): Promise<{ made: Buffer[]; left: number }> {
    const before = this.stream.bytesWritten;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      this.stream.write(piece, () => resolve());
    });
    if (this.failure) throw this.failure;
    return { made: this.drain(), left: piece.length - (this.stream.bytesWritten - before) };
  }

  async finish(): Promise<Buffer[]> {
    if (!this.ended)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        this.stream.end();
      });
    if (this.failure) throw this.failure;
    return this.drain();
  }

  close(): void {
    this.stream.destroy();
  }

  private drain(): Buffer[] {
    const { made } = this;
    this.made = [];
    return made;
  }
}

/** Decompressed chunks; from `biteFrom` (an offset in the file) on, in small bites. */
async function* inflate(
  file: FileHandle,
  packing: 'gz' | 'zst',
  biteFrom: number,
): AsyncGenerator<{ bytes: Buffer; offset: number }> {
  let inflater = new Inflater(packing);
  let [offset, began] = [0, 0];
  try {
    for await (const piece of pieces(file, (at) => (at < biteFrom ? PACKED_PIECE : BITE))) {
      began = offset;
      offset += piece.length;
      for (let rest = piece; rest.length > 0; ) {
        const { made, left } = await inflater.take(rest);
        for (const bytes of made) yield { bytes, offset };
        if (left === 0) break;
        // A zst file may hold several frames; Node's decompressor stops after the first.
        rest = rest.subarray(rest.length - left);
        if (!beginsLike(rest, packing))
          throw new Error(`${rest.length} or more bytes of something else follow the compressed data`);
        inflater.close();
        inflater = new Inflater(packing);
      }
    }
    began = offset;
    for (const bytes of await inflater.finish()) yield { bytes, offset };
  } catch (error) {
    throw new DamagedFile(error instanceof Error ? error.message : String(error), began, error);
  } finally {
    inflater.close();
  }
}

/**
 * The bytes of a file, decompressed when it is gz or zst, with how much of the file was read for them.
 *
 * @throws DamagedFile after everything before the damage was given out
 */
export async function* unpack(path: string): AsyncGenerator<{ bytes: Buffer; offset: number }> {
  const packing = packingOf(await headOf(path, 4));
  const file = await open(path);
  try {
    if (packing === null) {
      let offset = 0;
      for await (const bytes of pieces(file, () => PLAIN_PIECE)) {
        offset += bytes.length;
        yield { bytes, offset };
      }
      return;
    }
    let given = 0;
    try {
      for await (const chunk of inflate(file, packing, Number.POSITIVE_INFINITY)) {
        given += chunk.bytes.length;
        yield chunk;
      }
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      let seen = 0;
      for await (const { bytes, offset } of inflate(file, packing, error.offset)) {
        const fresh = bytes.subarray(Math.max(0, given - seen));
        seen += bytes.length;
        if (fresh.length > 0) yield { bytes: fresh, offset };
      }
    }
  } finally {
    await file.close();
  }
}
