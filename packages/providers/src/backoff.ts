const BASE_MS = 500;
const LONGEST_MS = 30_000;

/**
 * How long to wait before try `tries + 1`, in milliseconds: a random share of a time that doubles with each try
 * ("full jitter", Brooker 2015), at most 30 s, so that those who failed together do not come back together.
 */
export const backoff = (tries: number, random: () => number = Math.random): number =>
  random() * Math.min(LONGEST_MS, BASE_MS * 2 ** Math.min(tries, 16));

/** Resolves after `ms`. Rejects with the signal's reason when it is aborted first. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
