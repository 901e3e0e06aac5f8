import type { ChatRequest } from '@flywheel/domain/chat';
import { judgeOfVersion } from '@flywheel/domain/critic';
import { CritiqueConfig } from '@flywheel/domain/critique';
import type { RunId, TraceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunConfig } from '@flywheel/domain/run-record';
import { TemplateError } from '@flywheel/judges/critic/render';
import type { RunEngine } from '@flywheel/runs/run-engine';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type CallEstimate, estimateCalls } from './estimate.ts';
import { type CritiqueParts, critiqueFingerprint, partsOf, questioner } from './open-critique.ts';

/** What to ask of which traces. */
export const CritiqueLaunch = CritiqueConfig.extend({
  /** Text of the query bar; what it selects now is frozen. */
  query: z.string().max(20_000),
});
export type CritiqueLaunch = z.infer<typeof CritiqueLaunch>;

/** What a launch would do. */
export interface CritiquePlan extends CallEstimate {
  /** Answers that are wanted: traces by repetitions. */
  items: number;
  traces: number;
  concurrency: number;
  warnings: string[];
}

const SAMPLE = 400;
const LOAD = 200;

/** Plans and starts critique runs. */
export const launchService = (parts: CritiqueParts, engine: () => RunEngine) => {
  const { store, providers } = parts;

  const plan = async (launch: CritiqueLaunch): Promise<CritiquePlan> => {
    const { version, provider } = await partsOf(parts, launch);
    const seqs = await store.traces.seqs(requireQuery(launch.query));
    const sample = evenly(seqs, SAMPLE);
    const ask = await questioner(store, version, launch.model);
    const requests: ChatRequest[] = [];
    let broken: TemplateError | null = null;
    for (let from = 0; from < sample.length; from += LOAD)
      for (const trace of await store.traces.texts(sample.subarray(from, from + LOAD))) {
        try {
          requests.push(ask(trace));
        } catch (error) {
          if (!(error instanceof TemplateError)) throw error;
          broken ??= error;
        }
      }
    if (broken && requests.length === 0)
      throw new UserError(
        `The ${broken.part} template cannot be rendered: line ${broken.line ?? '?'}: ${broken.message}`,
      );
    const items = seqs.length * launch.repetitions;
    const questions = requests.flatMap((request) =>
      Array.from({ length: launch.repetitions }, (_, repetition) => ({ request, repetition })),
    );
    const warnings: string[] = [];
    if (seqs.length === 0) warnings.push('The query selects no trace.');
    if (broken) warnings.push(`Some traces cannot be rendered: ${broken.message}`);
    const key = await providers.keyOf(provider);
    if (provider.kind === 'anthropic' && key === null) warnings.push('No key is saved for this provider.');
    if (launch.budget.money !== null && !(provider.prices[launch.model] ?? provider.prices['*']))
      warnings.push('The budget is in dollars, but the model has no price: the run would not start.');
    return {
      items,
      traces: seqs.length,
      ...estimateCalls(parts, provider, questions, items),
      concurrency: Math.min(launch.concurrency ?? provider.limits.concurrency, provider.limits.concurrency),
      warnings,
    };
  };

  return {
    plan,

    /** Freezes what the query selects and starts to ask. @throws UserError where there is nothing to ask */
    launch: async (launch: CritiqueLaunch): Promise<RunSummary> => {
      const { query, ...rest } = launch;
      const { version, provider } = await partsOf(parts, launch);
      const items = await store.traces.seqs(requireQuery(query));
      if (items.length === 0) throw new UserError('The query selects no trace: there is nothing to ask.');
      const config = CritiqueConfig.parse(rest);
      return engine().start({
        kind: 'critique',
        title: `${config.critic} v${config.version}`,
        subject: query,
        fingerprint: critiqueFingerprint(config, version, provider, items),
        config: { ...config, judge: judgeOfVersion(config.critic, config.version) } as unknown as RunConfig,
        items,
        repetitions: config.repetitions,
      });
    },

    /** One result of a run whole: the messages as they were asked, the text as it came, and why it failed. */
    answer: async (id: RunId, trace: TraceId, repetition: number) => {
      const kept = await store.runAnswers.one(id, trace, repetition);
      const run = await engine().get(id);
      if (!kept || run?.kind !== 'critique')
        throw new UserError(`Run ${id} has no result for trace ${trace}.`, 'NOT_FOUND');
      const config = CritiqueConfig.parse(run.config);
      const version = await store.critics.version(config.critic, config.version);
      const seq = (await store.traces.open(trace))?.row.seq;
      const [text] = seq === undefined ? [] : await store.traces.texts(Uint32Array.of(seq));
      const messages = version && text ? (await questioner(store, version, config.model))(text).messages : [];
      const answer = kept.key === null ? undefined : store.answers.get(kept.key);
      return { ...kept, messages, text: answer?.text ?? null, finish: answer?.finish ?? null };
    },

    /** Adds what a run's query selects now and did not then. Returns how many traces were new. */
    addItems: async (id: RunId): Promise<number> => {
      const run = await engine().get(id);
      if (run?.kind !== 'critique')
        throw new UserError(`Run ${id} asks no critic: nothing can be added to it.`);
      const config = CritiqueConfig.parse(run.config);
      const { version, provider } = await partsOf(parts, config);
      const now = await store.traces.seqs(requireQuery(run.subject));
      const all = Uint32Array.from(new Set([...(await store.runs.itemSeqs(id)), ...now])).sort();
      return engine().addItems(id, all, critiqueFingerprint(config, version, provider, all));
    },
  };
};

export type LaunchService = ReturnType<typeof launchService>;

/** At most `n` of `seqs`, spread over all of them. */
export const evenly = (seqs: Uint32Array, n: number): Uint32Array =>
  seqs.length <= n
    ? seqs
    : Uint32Array.from({ length: n }, (_, i) => seqs[Math.floor((i * seqs.length) / n)] ?? 0);
