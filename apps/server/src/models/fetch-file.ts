import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { HubBusy, type HubClient, type HubFile } from './hub-client.ts';

/** Tries of one file that brought nothing new; as long as bytes come, it goes on. */
const TRIES = 5;
const FIRST_WAIT_MS = 500;

interface Fetch {
  client: HubClient;
  repository: string;
  commit: string;
  file: HubFile;
  folder: string;
  signal: AbortSignal;
  /** Bytes of this file that are on the disk. */
  onBytes: (bytes: number) => void;
}

/**
 * Brings a file into a folder: from where an earlier try broke off, under a name of its own until it is whole and its content is
 * what the Hub says.
 *
 * @throws UserError when it cannot be had, or is not what it should be
 */
export const fetchFile = async (fetch: Fetch): Promise<void> => {
  const { file, folder, signal, onBytes } = fetch;
  const target = path.join(folder, file.path);
  const part = `${target}.part`;
  if ((await sizeOf(target)) === file.bytes) return onBytes(file.bytes);
  await mkdir(path.dirname(target), { recursive: true });
  for (let failures = 0, wait = FIRST_WAIT_MS; ; ) {
    const before = await sizeOf(part);
    try {
      if (before < file.bytes || file.bytes === 0) await readOn(fetch, part, before);
      if ((await sizeOf(part)) >= file.bytes) break;
      throw new HubBusy(`${file.path} ended early.`, 0);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof UserError || isDiskFault(error)) throw error;
      failures = (await sizeOf(part)) > before ? 0 : failures + 1;
      if (failures >= TRIES)
        throw new UserError(
          `${file.path} could not be fetched (${(error as Error).message}). What came of it is kept: resume to go on.`,
          'BAD_REQUEST',
          { cause: error },
        );
      await sleep(Math.max(wait, error instanceof HubBusy ? error.waitMs : 0), undefined, { signal });
      wait = failures === 0 ? FIRST_WAIT_MS : wait * 2;
    }
  }
  if ((await sizeOf(part)) !== file.bytes || (await hashOf(part, file)) !== file.hash.value) {
    await rm(part, { force: true });
    throw new UserError(
      `${file.path} is not what the Hub says it is (its ${file.hash.kind === 'git' ? 'SHA-1' : 'SHA-256'} differs): thrown away. Resume to fetch it anew.`,
    );
  }
  await rename(part, target);
  onBytes(file.bytes);
};

/** Appends what is missing to `part`. */
const readOn = async (
  { client, repository, commit, file, signal, onBytes }: Fetch,
  part: string,
  have: number,
) => {
  const { stream, from } = await client.file(repository, commit, file.path, have, signal);
  // A server that does not know ranges begins anew.
  const out = createWriteStream(part, { flags: from === have && have > 0 ? 'a' : 'w', mode: 0o600 });
  let at = from === have ? have : 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      at += chunk.length;
      if (at > file.bytes)
        throw new UserError(`${file.path} is longer than the ${file.bytes} bytes that were announced.`);
      if (!out.write(chunk))
        await new Promise<void>((resolve, reject) => out.once('drain', resolve).once('error', reject));
      onBytes(at);
    }
  } finally {
    await new Promise<void>((resolve, reject) =>
      out.end((error?: Error | null) => (error ? reject(error) : resolve())),
    );
  }
};

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => null))?.size ?? 0;

const isDiskFault = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');

const hashOf = async (file: string, { hash, bytes }: HubFile): Promise<string> => {
  const sum = createHash(hash.kind === 'git' ? 'sha1' : 'sha256');
  if (hash.kind === 'git') sum.update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(file)) sum.update(chunk as Buffer);
  return sum.digest('hex');
};
