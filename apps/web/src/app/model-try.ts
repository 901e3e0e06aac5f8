import type { BackendTry } from '@flywheel/domain/model';
import type { OpenModel } from './inference.ts';

/** Tokens of the measured text, and how many are written behind it. */
const READ = 64;
const WRITTEN = 16;
/** A device that takes longer for its first call is not kept busy with measuring. */
const PATIENCE_MS = 4_000;

/** Tokens a second on this machine, after warming up; null where that would take too long, or its figures are not believed. */
export const measureSpeed = async ({ client, loaded }: OpenModel): Promise<BackendTry['tokensPerSecond']> => {
  if (loaded.gpu && !loaded.gpu.probe.passed) return { score: null, generate: null };
  const length = Math.min(READ, loaded.context - WRITTEN - 1);
  const text = Array.from({ length }, (_, i) => (i * 37 + 5) % loaded.vocabulary);
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const score = () => client.call('score', { texts: [text] });
  const write = () =>
    client.call('generate', {
      requests: [{ prompt: text, maxTokens: WRITTEN, sampling: { temperature: 0 }, seed: 0 }],
    });
  if ((await timed(score)) > PATIENCE_MS) return { score: null, generate: null };
  const scoring = await timed(score);
  if ((await timed(write)) > 4 * PATIENCE_MS) return { score: (1e3 * length) / scoring, generate: null };
  const reading = await timed(() =>
    client.call('generate', {
      requests: [{ prompt: text, maxTokens: 1, sampling: { temperature: 0 }, seed: 0 }],
    }),
  );
  let tokens = 0;
  const writing = await timed(async () => {
    const [made] = await write();
    tokens = made?.ids.length ?? 0;
  });
  const perToken = (writing - reading) / (tokens - 1);
  return { score: (1e3 * length) / scoring, generate: perToken > 0 ? 1e3 / perToken : null };
};

/** What the registry keeps of a model that was loaded here. */
export const tryOf = ({ loaded }: OpenModel, tokensPerSecond: BackendTry['tokensPerSecond']): BackendTry => {
  const { backend, threads, report, gpu } = loaded;
  return {
    backend,
    at: Date.now(),
    precision: report.variant.precision,
    threads,
    weights: report.weights,
    loadSeconds: report.seconds,
    notes: report.notes,
    adapter: gpu && {
      vendor: gpu.adapter.vendor,
      architecture: gpu.adapter.architecture,
      description: gpu.adapter.description,
      maxBinding: gpu.adapter.maxStorageBufferBindingSize,
    },
    probe: gpu && {
      passed: gpu.probe.passed,
      tolerance: gpu.probe.tolerance,
      maxAbs: Math.max(...gpu.probe.cases.map((c) => c.maxAbs)),
    },
    tokensPerSecond,
    error: null,
  };
};
