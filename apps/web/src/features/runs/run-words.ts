import { asksModel, isItemwise, isOver, type RunSummary } from '@flywheel/domain/run';

type Kind = RunSummary['kind'];

/** What a kind of run calls its three counts. */
export const COUNT_WORDS: Readonly<Record<Kind, { done: string; skipped: string; failed: string }>> = {
  import: { done: 'imported', skipped: 'duplicates', failed: 'rejected' },
  verify: { done: 'judged', skipped: 'not applicable', failed: 'failed' },
  critique: { done: 'judged', skipped: 'skipped', failed: 'failed' },
  robustness: { done: 'answered', skipped: 'skipped', failed: 'failed' },
  improve: { done: 'asked', skipped: 'skipped', failed: 'failed' },
  export: { done: 'written', skipped: 'skipped', failed: 'failed' },
};

export interface Position {
  done: number;
  /** null while the total is unknown. */
  total: number | null;
  unit: string;
}

/** How far a run is: by its own measure while it reports one (bytes of a file), else by items. */
export const positionOf = (run: RunSummary): Position =>
  run.progress !== null && !isOver(run.state)
    ? run.progress
    : {
        done: run.done + run.skipped + run.failed,
        total: run.total,
        unit: asksModel(run.kind) && !isItemwise(run.kind) ? 'questions' : 'traces',
      };

/** Seconds that a run has worked; null before it began. */
export const secondsOf = (run: RunSummary, now: number): number | null =>
  run.startedAt === null ? null : Math.max(0, (run.endedAt ?? now) - run.startedAt) / 1_000;

/** The query in Samples that shows what a run was about; null where there is none. */
export const sliceOf = (run: RunSummary): string | null => {
  if (run.kind !== 'import') return run.subject;
  const id = run.result.importId;
  return typeof id === 'number' ? `import:${id}` : null;
};

/** The files that a run has left for download: label to path under `/download/`. */
export const filesOf = (run: RunSummary): { label: string; path: string }[] =>
  [
    { label: 'Result', path: run.result.file },
    { label: 'Rejects', path: run.result.rejectsFile },
  ].filter((file): file is { label: string; path: string } => typeof file.path === 'string');

const short = (n: number): string => (n >= 1e6 ? `${(n / 1e6).toFixed(2)} M` : n.toLocaleString('en'));

/** What a run that asks a model has used; nothing for the others. */
export const spendOf = (run: RunSummary): { label: string; value: string }[] => {
  const { spend, flight } = run;
  if (!spend) return [];
  return [
    ...(flight ? [{ label: 'in flight', value: `${flight.now} of ${flight.limit}` }] : []),
    { label: 'calls', value: short(spend.calls) },
    { label: 'from the cache', value: short(spend.cached) },
    { label: 'tokens in', value: short(spend.inputTokens) },
    { label: 'tokens out', value: short(spend.outputTokens) },
    { label: 'cost', value: spend.cost === null ? 'unknown' : `$${spend.cost.toFixed(4)}` },
    { label: 'did not parse', value: short(spend.parseFailures) },
  ];
};

const RESULT_WORDS: Readonly<Record<string, string>> = {
  cases: 'cases that count',
  held: 'verdicts held',
  prompts: 'prompts in the pool',
  baseF1: 'F1 at first',
  bestF1: 'best F1',
};

/** Figures of the result that no other part of the page shows. */
export const figuresOf = (run: RunSummary): { label: string; value: string }[] =>
  Object.entries(run.result)
    .filter(
      ([key, value]) => value !== null && !['file', 'rejectsFile', 'importId', 'workedSeconds'].includes(key),
    )
    .map(([key, value]) => ({
      label: RESULT_WORDS[key] ?? key,
      value: typeof value === 'number' ? value.toLocaleString('en') : String(value),
    }));

/** The judge that a critique run's version is: its title is `name vN`. */
export const judgeOf = (run: RunSummary): string => `critic:${run.title.replace(/ v(\d+)$/, '@$1')}`;
