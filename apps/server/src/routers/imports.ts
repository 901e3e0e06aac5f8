import { ImportId } from '@flywheel/domain/ids';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';

/** A file under the home's `uploads/` (as returned by POST /upload) or, from this machine's user, a path. */
const Source = z.union([
  z.object({ upload: z.string().regex(/^[\w.-]{1,200}$/) }),
  z.object({ path: z.string().min(1).max(4_096) }),
]);

export const importsRouter = router({
  list: allow('read').query(({ ctx }) => ctx.workspace.store.imports.list()),
  presets: allow('read').query(({ ctx }) => ctx.workspace.imports.presets()),
  /** Reads the beginning of a file and says which preset or mapping fits, with the first traces. */
  guess: allow('files')
    .input(z.object({ source: Source, name: z.string().max(400).optional() }))
    .query(({ ctx, input }) => ctx.workspace.imports.guess(input.source, input.name)),
  preview: allow('files')
    .input(z.object({ source: Source, name: z.string().max(400).optional(), mapping: z.unknown() }))
    .query(({ ctx, input }) => ctx.workspace.imports.preview(input.source, input.mapping, input.name)),
  /** Starts an import; follow it with `runs.events`. Neither preset nor mapping: guessed from the first file. */
  start: allow('files')
    .input(
      z.object({
        sources: z.array(Source).min(1).max(1_000),
        /** Names to show, in the order of `sources`; needed for uploads. */
        names: z.array(z.string().max(400)).optional(),
        preset: z.string().max(80).optional(),
        mapping: z.unknown().optional(),
        /** Run the verifiers on what arrived. */
        verify: z.boolean().default(true),
      }),
    )
    .mutation(({ ctx, input }) => ctx.workspace.imports.start(input)),
  undo: allow('write')
    .input(z.object({ importId: ImportId }))
    .mutation(({ ctx, input }) => ctx.workspace.imports.undo(input.importId)),
});
