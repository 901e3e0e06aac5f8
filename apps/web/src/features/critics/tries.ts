import type { CriticBody } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import type { ProviderId } from '@flywheel/domain/provider';
import { createStore } from 'zustand/vanilla';
import { reason } from '../../app/reason.ts';
import { sameBody } from './drafts.ts';
import type { Where } from './model-picker.tsx';
import { criticsServer, type TryEvent } from './server.ts';
import { createQueue, type Queue } from './try-queue.ts';

/** What came of asking about one pinned trace. */
export type Try =
  | { state: 'waiting' | 'asking' | 'stopped'; text: string }
  | ({ state: 'done'; text: string } & Omit<Extract<TryEvent, { type: 'done' }>, 'type'>)
  | { state: 'failed'; text: string; cause: string; message: string; remedy: string };

/** One press of Run pinned: what was asked where, and what came of it. */
export interface Round {
  id: number;
  body: CriticBody;
  where: Where;
  /** What was asked, for people: `draft` or `v7`. */
  label: string;
  tries: ReadonlyMap<TraceId, Try>;
}

export interface RoundRequest {
  body: CriticBody;
  where: Where;
  label: string;
  traces: readonly TraceId[];
  /** Asks again, though answers are kept. */
  fresh: boolean;
}

interface Rounds {
  /** Newest first. */
  rounds: readonly Round[];
  asking: boolean;
}

/** Rounds that are kept to be compared with. */
const KEPT = 6;

/** A browser opens six connections to a host; the streams of runs and everything else need theirs, whatever is asked. */
const pageQueue = createQueue(3);

/** Asks about one trace; the stream ends early when `signal` aborts. */
export type Ask = (
  input: { body: CriticBody; provider: ProviderId; model: string; trace: TraceId; fresh: boolean },
  signal: AbortSignal,
) => AsyncIterable<TryEvent>;

/** Rounds of one mount of the room. */
export const createTries = (ask: Ask = criticsServer.try, queue: Queue = pageQueue) => {
  const store = createStore<Rounds>()(() => ({ rounds: [], asking: false }));
  let stopping = new AbortController();
  let last = 0;

  const set = (round: number, trace: TraceId, next: Try): void =>
    store.setState(({ rounds }) => ({
      rounds: rounds.map((r) => (r.id === round ? { ...r, tries: new Map(r.tries).set(trace, next) } : r)),
    }));

  const one = async (
    round: number,
    request: RoundRequest,
    trace: TraceId,
    signal: AbortSignal,
  ): Promise<void> => {
    const { body, where, fresh } = request;
    const input = { body, provider: where.provider as ProviderId, model: where.model, trace, fresh };
    let text = '';
    let ended = false;
    const end = (next: Try): void => {
      ended = true;
      if (!signal.aborted) set(round, trace, next);
    };
    const failed = (message: string): void =>
      end({ state: 'failed', text, cause: 'error', message, remedy: '' });
    set(round, trace, { state: 'asking', text });
    try {
      for await (const event of ask(input, signal)) {
        if (signal.aborted) return;
        if (event.type === 'text') {
          text += event.delta;
          set(round, trace, { state: 'asking', text });
        } else if (event.type === 'done') {
          const { type: state, ...came } = event;
          end({ state, text: came.answer.text, ...came });
        } else {
          const { type: state, ...came } = event;
          end({ state, text, ...came });
        }
      }
    } catch (error) {
      return failed(reason(error));
    }
    if (!ended) failed('The answer ended early.');
  };

  /** Ends what is being asked; what has not been answered is stopped, at once and for good. */
  const stop = (): void => {
    stopping.abort();
    store.setState(({ rounds }) => ({ asking: false, rounds: rounds.map(stopped) }));
  };

  return {
    store,
    /** Asks about all, a few at a time, the answers streaming in. */
    run: async (request: RoundRequest): Promise<void> => {
      stop();
      stopping = new AbortController();
      const { signal } = stopping;
      const id = ++last;
      const { body, where, label } = request;
      const tries = new Map(request.traces.map((t): [TraceId, Try] => [t, { state: 'waiting', text: '' }]));
      store.setState(({ rounds }) => ({
        asking: true,
        rounds: [
          { id, body, where, label, tries },
          ...rounds.filter((r) => !(sameBody(r.body, body) && sameWhere(r.where, where))),
        ].slice(0, KEPT),
      }));
      await Promise.all(
        request.traces.map((trace) => queue.run(() => one(id, request, trace, signal), signal)),
      );
      if (!signal.aborted) store.setState({ asking: false });
    },
    stop,
  };
};

export type Tries = ReturnType<typeof createTries>;

const sameWhere = (a: Where, b: Where): boolean => a.provider === b.provider && a.model === b.model;

const stopped = (round: Round): Round => {
  const left = [...round.tries].filter(([, t]) => t.state === 'waiting' || t.state === 'asking');
  if (left.length === 0) return round;
  const tries = new Map(round.tries);
  for (const [trace, { text }] of left) tries.set(trace, { state: 'stopped', text });
  return { ...round, tries };
};

/** Why a round no longer says what would be answered now; null while it does. */
export const staleness = (
  round: Pick<Round, 'body' | 'where'>,
  body: CriticBody,
  where: Where,
): string | null =>
  !sameBody(round.body, body)
    ? 'of an earlier text'
    : !sameWhere(round.where, where)
      ? `of ${round.where.model}`
      : null;
