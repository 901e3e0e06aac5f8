import { seededRandom } from '@flywheel/domain/metrics/random';
import type { Engine } from '../engine.ts';
import { NotFinite } from '../finite.ts';
import { cacheFor } from '../generate/open-cache.ts';
import { score } from '../score/score.ts';

/** What became of comparing a backend with one that is known to be right. */
export interface ProbeReport {
  passed: boolean;
  /** Nats that a log-probability or an entropy may be off. */
  tolerance: number;
  /** What was run, and by how many nats it was off at most. */
  cases: { name: string; maxAbs: number }[];
  seconds: number;
}

/** A text of a single token has no score: there, decoding from it is what is compared. */
const LENGTHS = [17, 33, 70];
const RAGGED = [70, 2, 33, 17];
/** Tokens that are read at once before the others follow one by one, and how many follow. */
const DECODED = [
  { read: 1, follow: 3 },
  { read: 33, follow: 4 },
];
const TOLERANCE = { fp32: 1e-4, fp16: 1e-2 };

/**
 * Runs fixed tokens that reach every class of kernel (1, 17, 33 and 70 tokens, a ragged batch, reading and then decoding) on two
 * backends. That a backend runs does not mean that its figures are right.
 *
 * @param trusted the same model where it is known to be right
 */
export const probe = async (engine: Engine, trusted: Engine): Promise<ProbeReport> => {
  const began = performance.now();
  const longest = Math.min(engine.context, Math.max(...LENGTHS));
  const random = seededRandom(7);
  const ids = Array.from({ length: longest }, () => Math.floor(random() * engine.vocabulary));
  const runs: { name: string; figures: (e: Engine) => Promise<number[]> }[] = [
    ...LENGTHS.filter((n) => n <= longest).map((n) => ({
      name: `${n} tokens`,
      figures: (e: Engine) => scored(e, [ids.slice(0, n)]),
    })),
    {
      name: 'ragged batch',
      figures: (e) =>
        scored(
          e,
          RAGGED.map((n, i) => ids.slice(i, i + n)),
        ),
    },
    ...DECODED.map(({ read, follow }) => ({
      name: `${read} tokens, then ${follow} one by one`,
      figures: (e: Engine) => decoded(e, ids.slice(0, read + follow + 1), read),
    })),
  ];
  const cases: ProbeReport['cases'] = [];
  for (const { name, figures } of runs) {
    // Where those that are right are none either, the fault is the model's.
    const right = await figures(trusted);
    cases.push({ name, maxAbs: farthest(await figures(engine).catch(noFigures), right) });
  }
  const tolerance = engine.half ? TOLERANCE.fp16 : TOLERANCE.fp32;
  return {
    passed: cases.every(({ maxAbs }) => maxAbs <= tolerance),
    tolerance,
    cases,
    seconds: (performance.now() - began) / 1_000,
  };
};

/** What a probe that was not passed says to those who ask for figures. */
export const probeRefusal = (backend: string, { cases, tolerance }: ProbeReport): string => {
  const worst = cases.toSorted((a, b) => b.maxAbs - a.maxAbs)[0];
  return `${backend} gives wrong figures on this machine (${worst?.name}: off by ${worst?.maxAbs.toPrecision(2)} nats, ${tolerance} are allowed), so it is not used. Load the model on WebAssembly.`;
};

const noFigures = (error: unknown): number[] => {
  if (error instanceof NotFinite) return [];
  throw error;
};

/** What is not a number is as far off as can be. */
const farthest = (a: readonly number[], b: readonly number[]): number =>
  b.reduce((most, figure, i) => {
    const off = Math.abs((a[i] ?? Number.NaN) - figure);
    return Number.isNaN(off) ? Number.MAX_VALUE : Math.max(most, off);
  }, 0);

const scored = async (engine: Engine, texts: readonly (readonly number[])[]): Promise<number[]> => {
  const scores = await score(engine, texts, { batchTokens: 1_024 });
  return scores.flatMap(({ logprob, entropy }) => [...logprob, ...entropy]);
};

/** Log-probability of each token after the first `read`, which follow one by one over the cache; the last is not run. */
const decoded = async (engine: Engine, ids: readonly number[], read: number): Promise<number[]> => {
  const cache = cacheFor(engine, 1);
  const { hidden, ...present } = await engine.read([ids.slice(0, read)]);
  cache.reserve(ids.length, 0);
  cache.insert(0, present, 0, read);
  for (const state of Object.values(present)) state.dispose();
  const found: number[] = [];
  let last = hidden;
  for (let at = read; ; at++) {
    if (!last) throw new Error('The graph gave no hidden states.');
    const place = at === read ? read - 1 : 0;
    const { logprob } = await engine.figures(last, [place], [ids[at] ?? 0], ['logprob']);
    found.push(Number(logprob?.data[0]));
    last.dispose();
    if (at + 1 === ids.length) break;
    const { hidden: next, ...states } = await engine.hidden([[ids[at] ?? 0]], [at], cache.states(1));
    cache.update(states, [at]);
    last = next;
  }
  cache.close();
  return found;
};
