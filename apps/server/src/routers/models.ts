import { BackendTry, LocalModel, ModelId } from '@flywheel/domain/model';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';

const ById = z.object({ id: ModelId });

/** Local models: the registry. A model's files are fetched from `/models/<id>/files/<path>`. */
export const modelsRouter = router({
  list: allow('read').query(({ ctx }) => ctx.workspace.models.list()),
  get: allow('read')
    .input(ById)
    .query(({ ctx, input }) => ctx.workspace.models.get(input.id)),
  /** Adds a folder of the server's machine. */
  add: allow('files')
    .input(z.object({ path: z.string().min(1).max(4_000), id: ModelId.optional() }))
    .mutation(({ ctx, input }) => ctx.workspace.models.addFolder(input.path, input.id)),
  /** Brings a model of the Hub into the workspace: a run, which is followed, stopped and resumed as any. */
  download: allow('files')
    .input(
      z.object({
        reference: z.string().min(1).max(500),
        id: ModelId.optional(),
        precision: z.string().max(40).nullable().default(null),
      }),
    )
    .mutation(({ ctx, input }) => ctx.workspace.downloads.start(input.reference, input.id, input.precision)),
  /** Forgets a model; answers with what it was, for `restore`. */
  remove: allow('files')
    .input(ById)
    .mutation(({ ctx, input }) => ctx.workspace.models.remove(input.id)),
  restore: allow('files')
    .input(LocalModel)
    .mutation(({ ctx, input }) => ctx.workspace.models.restore(input)),
  /** What became of loading it in a tab. */
  recordTry: allow('run')
    .input(ById.extend({ try: BackendTry }))
    .mutation(({ ctx, input }) => ctx.workspace.models.recordTry(input.id, input.try)),
});
