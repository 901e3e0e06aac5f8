import type { CriticId } from '@flywheel/domain/critic';
import { RunId } from '@flywheel/domain/ids';
import type { Candidate } from '@flywheel/domain/improve';
import { client } from '../../app/trpc.ts';

export type Report = NonNullable<Awaited<ReturnType<typeof client.critics.report.query>>>;

/** What reports ask of the server; the only file of this feature that knows procedure names. */
export const reportsServer = {
  report: (run: number) => client.critics.report.query({ run: RunId.parse(run) }),
  config: async (run: number) => {
    const stored = await client.runs.get.query({ id: RunId.parse(run) });
    return stored && 'config' in stored ? stored.config : null;
  },
  /** Keeps a prompt that a search found as a version made from the one that it began with. */
  keep: async (critic: CriticId, parent: number, candidate: Candidate, title: string) => {
    const { versions } = await client.critics.get.query({ critic });
    const base = versions.find((v) => v.number === parent);
    if (!base) throw new Error(`Version ${parent} of ${critic} is not there any more.`);
    const { schema, params, examples } = base;
    const { system, user } = candidate;
    return client.critics.save.mutate({
      critic,
      parent,
      title,
      body: { system, user, schema, params, examples },
    });
  },
};
