import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const Settings = z.object({
  reviewer: z.string().nullable().default(null),
  /** Runs that were cut off by the end of the server go on by themselves at the next start; else they wait, paused. */
  resumeRuns: z.boolean().default(true),
});
export type Settings = z.infer<typeof Settings>;

/** What the user told us about themselves, in `<home>/settings.json`. */
export const openSettings = async (home: string) => {
  const file = path.join(home, 'settings.json');
  let current: Settings = Settings.parse(
    await readFile(file, 'utf8').then(
      (text) => JSON.parse(text) as unknown,
      () => ({}),
    ),
  );
  return {
    all: (): Settings => current,
    set: async <K extends keyof Settings>(key: K, value: Settings[K]): Promise<Settings> => {
      current = { ...current, [key]: value };
      await writeFile(`${file}.new`, JSON.stringify(current, null, 2));
      await rename(`${file}.new`, file);
      return current;
    },
  };
};
