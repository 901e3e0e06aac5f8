import type { JsonValue } from '@flywheel/domain/trace';

/** Keeps what a run found so far, now and then; the newest wins. */
export const reportKeeper = (save: (body: JsonValue) => Promise<void>, everyMs: number) => {
  let newest: JsonValue | undefined;
  let saving: Promise<void> = Promise.resolve();
  let due: NodeJS.Timeout | undefined;
  const flush = (): void => {
    due = undefined;
    const body = newest;
    newest = undefined;
    if (body !== undefined) saving = saving.then(() => save(body));
  };
  return {
    soon: (body: JsonValue): void => {
      newest = body;
      due ??= setTimeout(flush, everyMs);
    },
    /** Resolves when the newest is kept. @throws what made it impossible */
    end: (): Promise<void> => {
      clearTimeout(due);
      flush();
      return saving;
    },
  };
};
