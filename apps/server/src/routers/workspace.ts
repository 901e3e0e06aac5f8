import { Reviewer } from '@flywheel/domain/review';
import { z } from 'zod';
import { allow, router } from '../trpc.ts';

export const workspaceRouter = router({
  /** Home, size, demo or not: what the shell shows before anything else. */
  info: allow('read').query(({ ctx }) => ctx.workspace.info()),
  doctor: allow('write').mutation(({ ctx }) => ctx.workspace.store.maintenance.doctor()),
  /** Makes a consistent copy under the home's `backups/`; returns its folder. */
  backup: allow('files').mutation(({ ctx }) => ctx.workspace.backup()),
  settings: allow('read').query(({ ctx }) => ctx.workspace.settings.all()),
  /** Whether runs that were cut off go on by themselves at the next start. */
  setResumeRuns: allow('write')
    .input(z.object({ resume: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.workspace.settings.set('resumeRuns', input.resume)),
  setReviewer: allow('write')
    .input(z.object({ reviewer: Reviewer }))
    .mutation(({ ctx, input }) => ctx.workspace.settings.set('reviewer', input.reviewer)),
});
