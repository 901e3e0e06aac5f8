import type { CriticId } from '@flywheel/domain/critic';
import { CritiqueConfig } from '@flywheel/domain/critique';
import type { RunId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunEngine } from '@flywheel/runs/run-engine';

/** A critique run as it is chosen to be compared. */
export interface CriticRun
  extends Pick<RunSummary, 'id' | 'state' | 'done' | 'failed' | 'subject' | 'createdAt'> {
  version: number;
  provider: string;
  model: string;
  repetitions: number;
  /** Of the answers that came, those that did not parse; both counts. */
  parse: { failed: number; answers: number };
}

const MOST = 60;

/** Answers that came, and how many of them did not parse: an unread answer fails its item, so it is not among the done. */
export const parseOf = ({ done, spend }: Pick<RunSummary, 'done' | 'spend'>): CriticRun['parse'] => {
  const failed = spend?.parseFailures ?? 0;
  return { failed, answers: done + failed };
};

/** The newest runs that asked a critic and have results, newest first; at most 60. */
export const criticRuns = async (engine: RunEngine, critic: CriticId): Promise<CriticRun[]> => {
  const runs = (await engine.list()).filter(
    (r) => r.kind === 'critique' && r.title.startsWith(`${critic} v`) && r.done + r.failed > 0,
  );
  const opened = await Promise.all(runs.slice(0, MOST).map((r) => engine.get(r.id as RunId)));
  return opened.flatMap((run) => {
    const read = CritiqueConfig.safeParse(run?.config);
    if (!run || !read.success || read.data.critic !== critic) return [];
    const { id, state, done, failed, subject, createdAt } = run;
    const { version, provider, model, repetitions } = read.data;
    const parse = parseOf(run);
    return [{ id, state, done, failed, subject, createdAt, version, provider, model, repetitions, parse }];
  });
};
