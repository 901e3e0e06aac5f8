import { CriticId } from '@flywheel/domain/critic';
import { Budget, type CritiqueConfig } from '@flywheel/domain/critique';
import type { TraceId } from '@flywheel/domain/ids';
import { ProviderId, ProviderSettings } from '@flywheel/domain/provider';
import { DEFAULT_CRITIC } from '@flywheel/judges/critic/default-critic';
import type { GoldItem } from '@flywheel/testkit/llm/gold-answers';
import { seededTraces } from '@flywheel/testkit/traces';
import type { Workspace } from '../workspace.ts';
import type { CritiqueLaunch } from './launch.ts';

export const CRITIC = CriticId.parse('first-error');
export const PROVIDER = ProviderId.parse('stub');

/** Traces of this fixture are known by a word in their first step. */
export const KEY_PATTERN = '(item-\\d+)';

/** What is true of trace number `i` (from 1): every third is clean. */
export const goldOf = (i: number): GoldItem => ({
  firstError: i % 3 === 0 ? null : i % 4,
  steps: 5,
  category: 'arithmetic',
});
export const goldMap = (n: number): Record<string, GoldItem> =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`item-${i + 1}`, goldOf(i + 1)]));

/** Imports `n` traces of five steps, with the truth as imported gold. Ids are the numbers in hex. */
export const fillWithGold = async (workspace: Workspace, n: number): Promise<TraceId[]> => {
  const { imports } = workspace.store;
  const id = await imports.begin({ title: 'gold', mapping: {} });
  const traces = seededTraces(n).map((t, i) => ({
    ...t,
    // A problem each, so that gold falls into all three splits.
    problemId: (1_000_000 + i).toString(16).padStart(16, '0'),
    steps: [`This is item-${i + 1}.`, 'a = 1', 'b = 2', 'c = 3', 'So 6.'],
    gold: { position: goldOf(i + 1).firstError ?? -1, labels: [] },
  }));
  await imports.write(id, traces);
  await imports.finish(id, 'done', { imported: n, duplicates: 0, rejected: 0, rejectsFile: null });
  return traces.map((t) => t.id as TraceId);
};

/** A provider at `url` and version 1 of a critic. */
export const prepare = async (
  workspace: Workspace,
  url: string,
  more: { limits?: object; prices?: ProviderSettings['prices'] } = {},
): Promise<void> => {
  await workspace.providers.save(
    ProviderSettings.parse({ id: PROVIDER, kind: 'openai', baseUrl: url, model: 'stub-1', ...more }),
  );
  await workspace.critics.save(CRITIC, DEFAULT_CRITIC, 'first prompt', null);
};

export const launchOf = (more: Partial<CritiqueConfig & { query: string }> = {}): CritiqueLaunch => ({
  critic: CRITIC,
  version: 1,
  provider: PROVIDER,
  model: 'stub-1',
  repetitions: 1,
  concurrency: null,
  priority: 'normal',
  budget: Budget.parse({}),
  query: '',
  ...more,
});
