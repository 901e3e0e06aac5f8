import type { CriticBody } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import type { ProviderId } from '@flywheel/domain/provider';
import { createStore } from 'zustand/vanilla';
import { criticsServer, type TryEvent } from './server.ts';

/** What came of asking about one pinned trace. */
export type Try =
  | { state: 'asking'; text: string }
  | ({ state: 'done'; text: string } & Omit<Extract<TryEvent, { type: 'done' }>, 'type'>)
  | { state: 'failed'; text: string; cause: string; message: string; remedy: string };

export interface TryAll {
  body: CriticBody;
  provider: ProviderId;
  model: string;
  traces: readonly TraceId[];
  fresh: boolean;
}

/** Pinned traces that are asked at the same time; each holds a connection of the browser. */
const AT_ONCE = 4;

/** Answers of one mount of the room, by trace. */
export const createTries = () => {
  const store = createStore<{ tries: ReadonlyMap<TraceId, Try>; asking: boolean }>()(() => ({
    tries: new Map(),
    asking: false,
  }));
  let stopping = new AbortController();
  const set = (trace: TraceId, next: Try): void =>
    store.setState(({ tries }) => ({ tries: new Map(tries).set(trace, next) }));

  const one = async (input: Omit<TryAll, 'traces'>, trace: TraceId, signal: AbortSignal): Promise<void> => {
    let text = '';
    const failed = (message: string): void =>
      set(trace, { state: 'failed', text, cause: 'error', message, remedy: '' });
    set(trace, { state: 'asking', text });
    try {
      for await (const event of criticsServer.try({ ...input, trace }, signal)) {
        if (event.type === 'text') {
          text += event.delta;
          set(trace, { state: 'asking', text });
        } else if (event.type === 'done') {
          const { type: state, ...came } = event;
          set(trace, { state, text: came.answer.text, ...came });
        } else {
          const { type: state, ...came } = event;
          set(trace, { state, text, ...came });
        }
      }
    } catch (error) {
      if (!signal.aborted) failed(error instanceof Error ? error.message : String(error));
    }
    if (store.getState().tries.get(trace)?.state === 'asking')
      failed(signal.aborted ? 'Stopped.' : 'The answer ended early.');
  };

  return {
    store,
    /** Asks about all, a few at a time, the answers streaming in. */
    run: async ({ traces, ...input }: TryAll): Promise<void> => {
      stopping.abort();
      stopping = new AbortController();
      const { signal } = stopping;
      store.setState({ asking: true });
      const left = [...traces];
      const take = async (): Promise<void> => {
        for (let trace = left.shift(); trace && !signal.aborted; trace = left.shift())
          await one(input, trace, signal);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, take));
      if (!signal.aborted) store.setState({ asking: false });
    },
    stop: (): void => {
      stopping.abort();
      store.setState({ asking: false });
    },
  };
};

export type Tries = ReturnType<typeof createTries>;
