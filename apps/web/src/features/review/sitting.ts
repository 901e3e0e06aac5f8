import type { TraceId } from '@flywheel/domain/ids';
import type { Review } from '@flywheel/domain/review';
import type { Draft } from './draft.ts';

export type Done = 'commit' | 'skip' | 'give-up';

/** One review of this sitting, with the draft it was signed from, so that undo brings the work back. */
export interface LogEntry {
  readonly review: Review;
  readonly draft: Draft;
}

/**
 * A reviewer's way through a queue: the queue as fetched, the place in it, drafts left lying, what was done.
 * Pure; sending is the outbox's business, texts are the query cache's.
 */
export interface Sitting {
  readonly queue: readonly TraceId[];
  readonly at: number;
  readonly drafts: ReadonlyMap<TraceId, Draft>;
  readonly done: ReadonlyMap<TraceId, Done>;
  readonly log: readonly LogEntry[];
}

/** A sitting over `queue`, at `place` when that trace is in it or is to be visited first. */
export const newSitting = (queue: readonly TraceId[], place: TraceId | null): Sitting => {
  const known = place === null ? 0 : queue.indexOf(place);
  const full = known < 0 && place !== null ? [place, ...queue] : queue;
  return { queue: full, at: Math.max(0, known), drafts: new Map(), done: new Map(), log: [] };
};

export const current = (s: Sitting): TraceId | null => s.queue[s.at] ?? null;

/** More of the queue has arrived; what is there already keeps its place. */
export const extend = (s: Sitting, more: readonly TraceId[]): Sitting => {
  const have = new Set(s.queue);
  const fresh = more.filter((id) => !have.has(id));
  return fresh.length === 0 ? s : { ...s, queue: [...s.queue, ...fresh] };
};

/** To a place in the queue; `queue.length` is the end, where nothing is open. */
export const goTo = (s: Sitting, at: number): Sitting => {
  const to = Math.max(0, Math.min(s.queue.length, at));
  return to === s.at ? s : { ...s, at: to };
};

export const keepDraft = (s: Sitting, draft: Draft): Sitting => ({
  ...s,
  drafts: new Map(s.drafts).set(draft.trace, draft),
});

/** The nearest trace at or after `from` (then from the start) that this sitting has not finished; -1 when none. */
export const nextUnlabelled = (s: Sitting, from: number): number => {
  const open = (i: number): boolean => {
    const id = s.queue[i];
    return id !== undefined && !s.done.has(id);
  };
  for (let i = from; i < s.queue.length; i++) if (open(i)) return i;
  for (let i = 0; i < Math.min(from, s.queue.length); i++) if (open(i)) return i;
  return -1;
};

/** A signed review is kept in the log and the sitting moves to the next open trace. */
export const finish = (s: Sitting, entry: LogEntry): Sitting => {
  const { trace, action } = entry.review;
  if (action === 'undo') return s;
  const drafts = new Map(s.drafts);
  drafts.delete(trace);
  const done = new Map(s.done).set(trace, action);
  const after: Sitting = { ...s, drafts, done, log: [...s.log, entry] };
  const ahead = nextUnlabelled(after, s.at + 1);
  return { ...after, at: ahead < 0 ? s.queue.length : ahead };
};

/** Takes the newest review back: its trace is open again, with its draft as it was. */
export const takeBack = (s: Sitting): { sitting: Sitting; taken: LogEntry } | null => {
  const taken = s.log.at(-1);
  if (taken === undefined) return null;
  const { trace } = taken.review;
  const log = s.log.slice(0, -1);
  const done = new Map(s.done);
  const earlier = log.findLast((e) => e.review.trace === trace)?.review.action;
  if (earlier === undefined || earlier === 'undo') done.delete(trace);
  else done.set(trace, earlier);
  const at = s.queue.indexOf(trace);
  return {
    sitting: {
      ...s,
      log,
      done,
      drafts: new Map(s.drafts).set(trace, taken.draft),
      at: at < 0 ? s.at : at,
    },
    taken,
  };
};

/** Figures of the session panel, from this sitting's log. */
export interface Tally {
  total: number;
  located: number;
  clean: number;
  skipped: number;
  gaveUp: number;
  flagged: number;
}

export const tally = (s: Sitting): Tally => {
  const of = (keep: (r: Review) => boolean): number => s.log.filter((e) => keep(e.review)).length;
  return {
    total: s.log.length,
    located: of((r) => r.action === 'commit' && r.firstError !== null),
    clean: of((r) => r.action === 'commit' && r.firstError === null),
    skipped: of((r) => r.action === 'skip'),
    gaveUp: of((r) => r.action === 'give-up'),
    flagged: of((r) => r.flagged),
  };
};
