import type { BackendTry } from '@flywheel/domain/model';
import type { WorkerClient } from '@flywheel/inference/worker-client';
import type { OpenModel } from './inference.ts';

/** Tokens of the measured text, and how many are written behind it. */
const READ = 64;
const WRITTEN = 16;
/** A device that takes longer for its first call is not kept busy with measuring. */
const PATIENCE_MS = 8_000;

/** How often is looked whether anybody else asks the model. */
const LOOK_MS = 50;

type Speed = BackendTry['tokensPerSecond'];
const NONE: Speed = { score: null, generate: null };

/**
 * Tokens a second on this machine, after warming up; null where that would take too long, or its figures are not believed.
 * Whoever else asks the model goes first: measuring waits until nobody does, and begins anew when it was disturbed.
 *
 * @throws WorkerFailure once the model is gone
 */
export const measureSpeed = async (model: OpenModel): Promise<Speed> => {
  const { client, loaded } = model;
  if (loaded.gpu && !loaded.gpu.probe.passed) return NONE;
  for (;;) {
    await idle(client);
    const disturbed = new AbortController();
    const look = setInterval(() => {
      // One of them is its own.
      if (client.inFlight > 1) disturbed.abort();
    }, LOOK_MS);
    try {
      return await measure(model, disturbed.signal);
    } catch (error) {
      if (!disturbed.signal.aborted) throw error;
    } finally {
      clearInterval(look);
    }
  }
};

/** Nobody has asked for a moment. Once the model is gone nobody does. */
const idle = async (client: WorkerClient): Promise<void> => {
  for (let quiet = 0; quiet < 10; quiet = client.inFlight === 0 ? quiet + 1 : 0)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
};

const measure = async ({ client, loaded }: OpenModel, signal: AbortSignal): Promise<Speed> => {
  const length = Math.min(READ, loaded.context - WRITTEN - 1);
  const text = Array.from({ length }, (_, i) => (i * 37 + 5) % loaded.vocabulary);
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const score = () => client.call('score', { texts: [text] }, { signal });
  const write = (maxTokens: number) =>
    client.call(
      'generate',
      { requests: [{ prompt: text, maxTokens, sampling: { temperature: 0 }, seed: 0 }] },
      { signal },
    );
  if ((await timed(score)) > PATIENCE_MS) return NONE;
  const scored = (1e3 * length) / (await timed(score));
  if ((await timed(() => write(WRITTEN))) > 2 * PATIENCE_MS) return { score: scored, generate: null };
  const reading = await timed(() => write(1));
  let tokens = 0;
  const writing = await timed(async () => {
    const [made] = await write(WRITTEN);
    tokens = made?.ids.length ?? 0;
  });
  const perToken = (writing - reading) / (tokens - 1);
  return { score: scored, generate: tokens > 1 && perToken > 0 ? 1e3 / perToken : null };
};

/** What the registry keeps of a model that was loaded here. */
export const tryOf = ({ loaded }: OpenModel, tokensPerSecond: Speed = NONE): BackendTry => {
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
