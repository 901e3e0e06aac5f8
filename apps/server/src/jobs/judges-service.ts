import type { Query } from '@flywheel/domain/query/ast';
import type { RunSummary } from '@flywheel/domain/run';
import { VERIFIERS } from '@flywheel/judges/verifiers';
import { fingerprint } from '@flywheel/runs/fingerprint';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { Store } from '@flywheel/store/store';
import { findVerifier } from './verifiers.ts';

/** Lists verifiers and starts their runs; the work itself is `packages/runs` verify-run. */
export const judgesService = (store: Store, engine: () => RunEngine) => ({
  verifiers: () =>
    VERIFIERS.map(({ id, title, version, scope, partial }) => ({ id, title, version, scope, partial })),

  /** Freezes what the query selects now and queues a run of the verifier over it. */
  start: async (name: string, subject: string, query: Query): Promise<RunSummary> => {
    const verifier = findVerifier(name);
    const items = await store.traces.seqs(query);
    const config = { judge: verifier.id, version: verifier.version };
    return engine().start({
      kind: 'verify',
      title: verifier.title,
      subject,
      fingerprint: fingerprint({ kind: 'verify', ...config }, items),
      config,
      items,
    });
  },
});

export type JudgesService = ReturnType<typeof judgesService>;
