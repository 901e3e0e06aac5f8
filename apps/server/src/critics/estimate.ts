import { type ChatRequest, mostTokens } from '@flywheel/domain/chat';
import { costOf, type ProviderSettings } from '@flywheel/domain/provider';
import type { CritiqueParts } from './open-critique.ts';

/** What questions would take. Tokens and costs are for the calls that would be made. */
export interface CallEstimate {
  /** Kept already; counted on the sample and projected where there are more. */
  cached: number;
  toCall: number;
  inputTokens: number;
  outputTokens: number;
  /** US dollars; null where the model has no price. */
  cost: number | null;
}

/**
 * What `total` questions would take, projected from a sample of them; answers are taken at their longest.
 *
 * @param options.kept false: the sample is like the questions, but is not part of them
 */
export const estimateCalls = (
  { store, providers }: CritiqueParts,
  provider: ProviderSettings,
  sample: readonly { request: ChatRequest; repetition: number }[],
  total: number,
  { kept = true }: { kept?: boolean } = {},
): CallEstimate => {
  const keys = sample.map(({ request, repetition }) => providers.desk.keyOf(provider, request, repetition));
  const share = keys.length === 0 || !kept ? 0 : store.answers.has(keys) / keys.length;
  const cached = Math.round(total * share);
  const toCall = total - cached;
  const most = sample.map(({ request }) => mostTokens(request));
  const mean = (side: 'input' | 'output'): number =>
    most.length === 0 ? 0 : most.reduce((sum, m) => sum + m[side], 0) / most.length;
  const tokens = { input: Math.round(toCall * mean('input')), output: Math.round(toCall * mean('output')) };
  const model = sample[0]?.request.model ?? provider.model;
  return {
    cached,
    toCall,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cost: costOf(provider.prices, model, tokens),
  };
};
