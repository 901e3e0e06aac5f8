import { ProviderId, ProviderSettings } from '@flywheel/domain/provider';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';

const ById = z.object({ id: ProviderId });

/** Endpoints that answer for models. No procedure ever gives a key. */
export const providersRouter = router({
  list: allow('read').query(({ ctx }) => ctx.workspace.providers.list()),
  /** `key`: replaces the saved one; null removes it; absent leaves it. It is bound to the origin of the base URL. */
  save: allow('write')
    .input(z.object({ settings: ProviderSettings, key: z.string().max(5_000).nullish() }))
    .mutation(({ ctx, input }) =>
      ctx.workspace.providers.save(input.settings, input.key === undefined ? undefined : input.key),
    ),
  /** Its key stays, encrypted, so that `save` takes the removal back; `forget` removes that, too. */
  remove: allow('write')
    .input(ById.extend({ forget: z.boolean().default(false) }))
    .mutation(({ ctx, input }) => ctx.workspace.providers.remove(input.id, { forget: input.forget })),
  test: allow('run')
    .input(ById)
    .mutation(({ ctx, input, signal }) => ctx.workspace.providers.test(input.id, signal)),
  models: allow('run')
    .input(ById)
    .query(({ ctx, input, signal }) =>
      ctx.workspace.providers.models(input.id, signal ?? new AbortController().signal),
    ),
});
