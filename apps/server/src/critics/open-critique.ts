import type { ChatRequest } from '@flywheel/domain/chat';
import { type CriticVersion, judgeOfVersion } from '@flywheel/domain/critic';
import { Budget, type CritiqueConfig, type RunSpend } from '@flywheel/domain/critique';
import type { GoldTrace } from '@flywheel/domain/gold-trace';
import type { ProviderSettings } from '@flywheel/domain/provider';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunConfig } from '@flywheel/domain/run-record';
import type { JsonValue, TraceText } from '@flywheel/domain/trace';
import { criticContext } from '@flywheel/judges/critic/context';
import { pickExamples } from '@flywheel/judges/critic/examples';
import { parseAnswer } from '@flywheel/judges/critic/parse-answer';
import { loadTemplates } from '@flywheel/judges/critic/templates.node';
import { BudgetMeter, BudgetSpent } from '@flywheel/providers/budget-meter';
import { GaveUp } from '@flywheel/providers/desk';
import { baseUrlOf } from '@flywheel/providers/open-client';
import { type Asked, type Call, CallFailed, type Critique } from '@flywheel/runs/critique-ports';
import { fingerprint } from '@flywheel/runs/fingerprint';
import { Held, RunError } from '@flywheel/runs/run-error';
import type { Store } from '@flywheel/store/store';
import type { ProviderService } from '../providers/provider-service.ts';

/** Gold traces that examples are drawn from, at most. */
const EXAMPLE_POOL = 400;
/** Items in hand beyond the calls that may be in flight, at least; where many may be, as many again: answers come in bursts. */
const AHEAD = 32;
const MOST_IN_HAND = 2_048;

export interface CritiqueParts {
  store: Store;
  providers: ProviderService;
}

/** A critic's version and where it is asked, looked up. @throws RunError where either is gone */
export const partsOf = async (
  { store, providers }: CritiqueParts,
  config: Pick<CritiqueConfig, 'critic' | 'version' | 'provider'>,
): Promise<{ version: CriticVersion; provider: ProviderSettings }> => {
  const version = await store.critics.version(config.critic, config.version);
  if (!version) throw new RunError(`There is no version ${config.version} of critic ${config.critic}.`);
  return { version, provider: await providers.need(config.provider) };
};

/** Turns a trace into the question that a version asks of it; with the examples of `judged`, where it is made from that. */
export const questioner = async (
  store: Store,
  version: Pick<CriticVersion, 'system' | 'user' | 'schema' | 'params' | 'examples'>,
  model: string,
): Promise<(trace: TraceText, judged?: TraceText) => ChatRequest> => {
  const templates = await loadTemplates();
  const gold: GoldTrace[] =
    version.examples.n === 0
      ? []
      : await store.gold.traces({ split: 'train', limit: EXAMPLE_POOL, seed: version.examples.seed });
  return (trace, judged = trace) => ({
    model,
    messages: templates.render(version, criticContext(trace, pickExamples(version.examples, judged, gold))),
    params: version.params,
    schema: version.schema,
  });
};

/** What makes a critique run the run that it is; items count through their own hash. */
export const critiqueFingerprint = (
  config: CritiqueConfig,
  version: CriticVersion,
  provider: ProviderSettings,
  items: Uint32Array,
): string => {
  const { critic, model, repetitions } = config;
  const parts = { kind: 'critique', critic, hash: version.hash, at: baseUrlOf(provider), model, repetitions };
  return fingerprint(parts, items);
};

/** The fingerprint that a run would have if it were made today. */
export const fingerprintToday =
  (parts: CritiqueParts) =>
  async (run: RunSummary & { config: RunConfig }): Promise<string> => {
    const config = run.config as unknown as CritiqueConfig;
    const { version, provider } = await partsOf(parts, config);
    return critiqueFingerprint(
      config,
      version,
      provider,
      await parts.store.runs.itemSeqs(run.id as Parameters<Store['runs']['itemSeqs']>[0]),
    );
  };

/** Makes a critique run's config ready to ask. */
export const openCritique =
  (parts: CritiqueParts) =>
  async (config: CritiqueConfig, spent: RunSpend): Promise<Critique> => {
    parts.store.answers.warm();
    const { version, provider } = await partsOf(parts, config);
    const key = await parts.providers.keyOf(provider);
    const { desk } = parts.providers;
    const used = { tokens: spent.inputTokens + spent.outputTokens, cost: spent.cost };
    const budget = new BudgetMeter(() => Budget.parse(config.budget ?? {}), used);
    const ask = async (request: ChatRequest, repetition: number, call: Call): Promise<Asked> => {
      try {
        const reply = await desk.ask({
          request,
          provider,
          key,
          repetition,
          priority: config.priority ?? 'normal',
          limit: config.concurrency,
          budget,
          ...call,
        });
        return reply;
      } catch (error) {
        throw explained(error);
      }
    };
    return {
      judge: judgeOfVersion(config.critic, config.version),
      version: version.hash,
      width: () => {
        const calls = config.concurrency ?? provider.limits.concurrency;
        return Math.min(MOST_IN_HAND, calls + Math.max(AHEAD, calls));
      },
      request: await questioner(parts.store, version, config.model),
      ask,
      parse: (answer, trace) => parseAnswer(answer.text, answer.finish, version.schema, trace.steps.length),
      flight: (caller) => {
        const { limit, ...flight } = desk.flight(provider, caller);
        return { ...flight, limit: Math.min(limit, config.concurrency ?? limit) };
      },
    };
  };

/** A failure as the run engine knows it: of this item, or of all that would follow. */
export const explained = (error: unknown): unknown => {
  if (error instanceof BudgetSpent) return new Held(error.message, { cause: error });
  if (!(error instanceof GaveUp)) return error;
  const { failure, attempts } = error;
  if (failure.inSetUp)
    return new Held(`${failure.message} ${failure.remedy} Then resume this run.`, { cause: error });
  const detail: { [key: string]: JsonValue } = {
    status: failure.status,
    raw: failure.raw,
    remedy: failure.remedy,
  };
  return new CallFailed(failure.message, failure.failure, attempts, detail);
};
