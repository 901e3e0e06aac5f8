import { z } from 'zod';

/** A short name that the user gives, e.g. `local-vllm`. */
export const ProviderId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'a provider is named in small letters, digits and hyphens, e.g. local-vllm',
  )
  .brand<'provider'>();
export type ProviderId = z.infer<typeof ProviderId>;

/**
 * `openai`: any OpenAI-compatible endpoint. `local`: models of this workspace, on the server's processor. `replay`: answers from
 * a recorded file, for demos and tests.
 */
export const ProviderKind = z.enum(['openai', 'anthropic', 'local', 'replay']);
export type ProviderKind = z.infer<typeof ProviderKind>;

/** Whether a provider is asked over an address; the others are asked here. */
export const isRemote = (kind: ProviderKind): boolean => kind === 'openai' || kind === 'anthropic';

/** US dollars per million tokens. */
export const ModelPrice = z.object({ input: z.number().min(0), output: z.number().min(0) });
export type ModelPrice = z.infer<typeof ModelPrice>;

export const ProviderLimits = z.object({
  /** Calls in flight at once, at most; it starts at 20 (or this, when lower) and adapts. */
  concurrency: z.number().int().min(1).max(2048).default(64),
  requestsPerMinute: z.number().int().min(1).nullable().default(null),
  tokensPerMinute: z.number().int().min(1).nullable().default(null),
  /** Seconds that one call may take. */
  timeoutSeconds: z.number().min(1).max(3600).default(120),
  /** Tries of one call, the first included, where a retry may help. */
  attempts: z.number().int().min(1).max(20).default(6),
});
export type ProviderLimits = z.infer<typeof ProviderLimits>;

/** What a user writes down of a provider. The key is not part of it: it goes in beside it and never comes out. */
export const ProviderSettings = z.object({
  id: ProviderId,
  kind: ProviderKind,
  /** e.g. `http://127.0.0.1:8000/v1`; null for what is asked here. */
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  /** `replay`: the recording's path, inside the workspace's `recordings/`. */
  recording: z.string().max(300).nullable().default(null),
  /** The model that is offered first. */
  model: z.string().max(200).default(''),
  /** Allows private addresses other than loopback. */
  allowPrivate: z.boolean().default(false),
  limits: ProviderLimits.default(ProviderLimits.parse({})),
  /** By model name; `*` is for those not named. Absent: cost unknown, not zero. */
  prices: z.record(z.string().max(200), ModelPrice).default({}),
});
export type ProviderSettings = z.infer<typeof ProviderSettings>;

/** A provider as the browser sees it. */
export interface Provider extends ProviderSettings {
  /** Where the key comes from; null: there is none. `stale`: it was saved for another origin and is not used. */
  key: { source: 'saved' | 'environment'; origin: string; stale: boolean } | null;
}

/** What an answer costs in US dollars; null where the model has no price. Pure. */
export const costOf = (
  prices: ProviderSettings['prices'],
  model: string,
  tokens: { input: number; output: number },
): number | null => {
  const price = prices[model] ?? prices['*'];
  return price ? (tokens.input * price.input + tokens.output * price.output) / 1e6 : null;
};
