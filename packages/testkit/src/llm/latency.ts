import { draw } from './seeded-draw.ts';

/** Milliseconds from the end of the request to the first byte of the answer. A number: always that long. */
export type Latency =
  | number
  | { kind: 'uniform'; min: number; max: number }
  /** Half of the calls are faster than `median`; `sigma` is the spread of the logarithm (0.5: p95 = 2.3 medians). */
  | { kind: 'lognormal'; median: number; sigma: number };

/** The latency of call number `call`, in milliseconds; the same for a seed, whatever the order of arrival. */
export const drawLatency = (latency: Latency, call: number, seed: number): number => {
  if (typeof latency === 'number') return latency;
  const u = draw(seed, `latency ${call}`);
  if (latency.kind === 'uniform') return latency.min + u * (latency.max - latency.min);
  const angle = 2 * Math.PI * draw(seed, `angle ${call}`);
  const normal = Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(angle);
  return latency.median * Math.exp(latency.sigma * normal);
};
