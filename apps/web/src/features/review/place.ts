import { TraceId } from '@flywheel/domain/ids';
import { z } from 'zod';

const KEY = 'flywheel.review.places';
const Places = z.array(z.object({ query: z.string(), reviewer: z.string(), trace: TraceId }));

const read = (): z.infer<typeof Places> => {
  try {
    return Places.parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'));
  } catch {
    return [];
  }
};

/** Where a reviewer left a queue, or null. Kept in this browser for the last 50 queues. */
export const lastPlace = (query: string, reviewer: string): TraceId | null =>
  read().find((p) => p.query === query && p.reviewer === reviewer)?.trace ?? null;

export const keepPlace = (query: string, reviewer: string, trace: TraceId): void => {
  const others = read().filter((p) => p.query !== query || p.reviewer !== reviewer);
  localStorage.setItem(KEY, JSON.stringify([{ query, reviewer, trace }, ...others].slice(0, 50)));
};
