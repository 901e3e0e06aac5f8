/** Where the files of a model come from: a folder, a server, a Hub repository. Paths are relative, with `/`. */
export interface ByteSource {
  /** For people: the folder or address. */
  readonly name: string;
  /** Bytes of a file; null where there is none. */
  size(path: string): Promise<number | null>;
  /** Names of the files in a folder of the source; empty where there is none. */
  list(folder: string): Promise<string[]>;
  /** @throws Error that names the file, where there is none */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** A file of JSON; null where there is none. @throws Error that names the file, where it is no JSON */
export const readJson = async (source: ByteSource, path: string): Promise<unknown> => {
  if ((await source.size(path)) === null) return null;
  try {
    return JSON.parse(new TextDecoder().decode(await source.read(path)));
  } catch (cause) {
    throw new Error(`${path} of ${source.name} is no JSON: ${(cause as Error).message}`, { cause });
  }
};
