/**
 * A few places for work that holds a connection each; further work waits its turn, first come first served.
 * A place that is waited for in vain (`signal` aborted) is given to the next.
 */
export const createQueue = (places: number) => {
  let free = places;
  const waiting: (() => void)[] = [];
  const enter = (signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const take = (): void => {
        signal.removeEventListener('abort', leave);
        free -= 1;
        resolve(true);
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(take), 1);
        resolve(false);
      };
      if (signal.aborted) return resolve(false);
      if (free > 0) return take();
      waiting.push(take);
      signal.addEventListener('abort', leave, { once: true });
    });
  return {
    /** Runs `work` once there is a place; not at all when `signal` aborts before. */
    run: async (work: () => Promise<void>, signal: AbortSignal): Promise<void> => {
      if (!(await enter(signal))) return;
      try {
        await work();
      } finally {
        free += 1;
        waiting.shift()?.();
      }
    },
  };
};

export type Queue = ReturnType<typeof createQueue>;
