import type { RunId } from '@flywheel/domain/ids';
import type { ImproveReport } from '@flywheel/domain/improve';
import type { RobustnessReport } from '@flywheel/domain/robustness';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { Store } from '@flywheel/store/store';

export type RunReport =
  | { kind: 'robustness'; report: RobustnessReport }
  | { kind: 'improve'; report: ImproveReport };

/** What a run kept as its report, by its kind; null where there is none. */
export const readReport = async (store: Store, engine: RunEngine, id: RunId): Promise<RunReport | null> => {
  const [run, report] = await Promise.all([engine.get(id), store.runAnswers.report(id)]);
  if (report === null || (run?.kind !== 'robustness' && run?.kind !== 'improve')) return null;
  return { kind: run.kind, report } as unknown as RunReport;
};
