import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Measured {
  seconds: number;
  /** Of this process, all threads, user and system. */
  cpuSeconds: number;
  /** Most memory resident, in MiB. */
  peakMiB: number;
  /** 99th percentile of how late the event loop was, in milliseconds. */
  loopDelayP99: number;
}

/** Runs `work` and says what it took of this process. */
export const measure = async (work: () => Promise<unknown>): Promise<Measured> => {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const watch = setInterval(look, 100);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  clearInterval(watch);
  look();
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: peak / 2 ** 20,
    // It counts its own interval, too.
    loopDelayP99: Math.max(0, delay.percentile(99) / 1e6 - 5),
  };
};
