import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** How the CLI finds the server that holds a workspace. Only the user can read it (mode 0600), as it holds the token. */
export const ServerFile = z.object({
  pid: z.number().int(),
  port: z.number().int(),
  token: z.string(),
  startedAt: z.number(),
});
export type ServerFile = z.infer<typeof ServerFile>;

const place = (home: string): string => path.join(home, 'server.json');

export const writeServerFile = async (home: string, info: ServerFile): Promise<void> => {
  const temporary = `${place(home)}.${info.pid}`;
  await writeFile(temporary, JSON.stringify(info), { mode: 0o600 });
  await rename(temporary, place(home));
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The running server of a home; null when there is none, or only the file of a dead one. */
export const readServerFile = async (home: string): Promise<ServerFile | null> => {
  try {
    const info = ServerFile.parse(JSON.parse(await readFile(place(home), 'utf8')));
    return alive(info.pid) ? info : null;
  } catch {
    return null;
  }
};

/** Removes the file if it is ours. */
export const removeServerFile = async (home: string, pid: number): Promise<void> => {
  const info = await readServerFile(home);
  if (info?.pid === pid) await rm(place(home), { force: true });
};
