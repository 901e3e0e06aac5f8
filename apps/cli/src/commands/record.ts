import { open } from 'node:fs/promises';
import type { RunId } from '@flywheel/domain/ids';
import type { Connection } from '../connect.ts';
import { InputError } from '../perform.ts';

export interface Recorded {
  file: string;
  answers: number;
  /** Traces without an answer. */
  missing: number;
}

/** Writes the answers of a run, page by page, as a recording. */
export const record = async ({ api }: Connection, run: number, file: string): Promise<Recorded> => {
  const out = await open(file, 'w').catch((cause: unknown) => {
    throw new InputError(`${file} cannot be written. Check the path; the run itself is done.`, { cause });
  });
  try {
    const recorded: Recorded = { file, answers: 0, missing: 0 };
    for (let from: number | null = 0; from !== null; ) {
      const page: Awaited<ReturnType<typeof api.critics.recording.query>> = await api.critics.recording.query(
        { run: run as RunId, from },
      );
      await out.write(page.lines);
      recorded.answers += page.answers;
      recorded.missing += page.missing;
      from = page.next;
    }
    return recorded;
  } finally {
    await out.close();
  }
};
