import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

export interface RawLine {
  /** 1-based. */
  line: number;
  bytes: Buffer;
}

const CHUNK = 1 << 20;

const decompressor = (path: string): Transform | null =>
  path.endsWith('.gz') ? createGunzip() : path.endsWith('.zst') ? createZstdDecompress() : null;

/**
 * Lines of a file (also .gz, .zst) as bytes, in batches of about a megabyte. Empty lines are left out, but counted;
 * a byte order mark is dropped. A line may be of any length that memory holds.
 */
export async function* readLines(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<{ lines: RawLine[]; bytesRead: number; bytesTotal: number }> {
  const { size } = await stat(path);
  const file = createReadStream(path, { highWaterMark: CHUNK, ...(signal && { signal }) });
  const unpack = decompressor(path);
  if (unpack) {
    file.on('error', (error) => unpack.destroy(error));
    file.pipe(unpack);
  }
  let rest: Buffer[] = [];
  let line = 0;
  const cut = (bytes: Buffer): RawLine[] => {
    line++;
    const text =
      line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
    const end = text.at(-1) === 13 ? text.length - 1 : text.length;
    return end === 0 ? [] : [{ line, bytes: text.subarray(0, end) }];
  };
  for await (const chunk of (unpack ?? file) as AsyncIterable<Buffer>) {
    const lines: RawLine[] = [];
    let from = 0;
    for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, to);
      lines.push(...cut(rest.length > 0 ? Buffer.concat([...rest, piece]) : piece));
      rest = [];
      from = to + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
    yield { lines, bytesRead: file.bytesRead, bytesTotal: size };
  }
  if (rest.length > 0) yield { lines: cut(Buffer.concat(rest)), bytesRead: size, bytesTotal: size };
}
