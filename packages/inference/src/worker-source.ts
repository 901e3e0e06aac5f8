import type { ByteSource } from './model/byte-source.ts';

/** A file of a model as it can be sent to a worker: its bytes, a file that was picked, or an address of our own origin. */
export type SourceFile = Uint8Array<ArrayBuffer> | Blob | { url: string; bytes: number };

/** A model as it can be sent to a worker. */
export interface SourceFiles {
  /** For people: the folder or address. */
  name: string;
  /** By path in the model's folder, with `/`. */
  files: Readonly<Record<string, SourceFile>>;
}

const sizeOf = (file: SourceFile): number =>
  file instanceof Uint8Array ? file.length : file instanceof Blob ? file.size : file.bytes;

/**
 * Reads a model out of files. `onBytes` is told how many bytes were read of those that were asked for so far.
 */
export const filesSource = (
  { name, files }: SourceFiles,
  onBytes: (read: number, asked: number) => void = () => undefined,
): ByteSource => {
  let read = 0;
  let asked = 0;
  const advance = (bytes: number): void => {
    read += bytes;
    onBytes(read, asked);
  };
  return {
    name,
    size: async (path) => (Object.hasOwn(files, path) ? sizeOf(files[path] as SourceFile) : null),
    list: async (folder) => {
      const start = folder === '' ? '' : `${folder}/`;
      return Object.keys(files)
        .filter((path) => path.startsWith(start))
        .map((path) => path.slice(start.length))
        .filter((rest) => !rest.includes('/'));
    },
    read: async (path) => {
      const file = Object.hasOwn(files, path) ? files[path] : undefined;
      if (file === undefined) throw new Error(`${path} is not in ${name}.`);
      asked += sizeOf(file);
      if (file instanceof Uint8Array) {
        advance(file.length);
        return file;
      }
      const stream = file instanceof Blob ? file.stream() : await opened(file.url, path, name);
      return gathered(stream, sizeOf(file), `${path} of ${name}`, advance);
    },
  };
};

const opened = async (url: string, path: string, name: string): Promise<ReadableStream<Uint8Array>> => {
  const response = await fetch(url);
  if (!response.ok || !response.body)
    throw new Error(`${path} of ${name} could not be fetched: the server answered ${response.status}.`);
  return response.body;
};

/** The bytes of a stream, which must be as many as were announced. */
const gathered = async (
  stream: ReadableStream<Uint8Array>,
  size: number,
  what: string,
  advance: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > size)
      throw new Error(`${what} is longer than the ${size} bytes that were announced.`);
    bytes.set(value, at);
    at += value.length;
    advance(value.length);
  }
  if (at < size) throw new Error(`${what} ended after ${at} of ${size} bytes.`);
  return bytes;
};
