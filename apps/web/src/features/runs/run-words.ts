import { printValue } from '@flywheel/domain/query/print';
import { isOver, type RunSummary } from '@flywheel/domain/run';

type Kind = RunSummary['kind'];

/** What a kind of run calls its three counts. */
export const COUNT_WORDS: Readonly<Record<Kind, { done: string; skipped: string; failed: string }>> = {
  import: { done: 'imported', skipped: 'duplicates', failed: 'rejected' },
  verify: { done: 'judged', skipped: 'not applicable', failed: 'failed' },
  critique: { done: 'judged', skipped: 'skipped', failed: 'failed' },
  robustness: { done: 'answered', skipped: 'skipped', failed: 'failed' },
  improve: { done: 'asked', skipped: 'skipped', failed: 'failed' },
  score: { done: 'scored', skipped: 'without steps', failed: 'failed' },
  sample: { done: 'sampled', skipped: 'nothing to go on from', failed: 'failed' },
  'step-label': { done: 'labelled', skipped: 'not applicable', failed: 'failed' },
  download: { done: 'fetched', skipped: 'skipped', failed: 'failed' },
  export: { done: 'written', skipped: 'skipped', failed: 'failed' },
};

/** What a kind of run counts. A critic may be asked several times about a trace. */
const ITEM_WORDS: Readonly<Record<Kind, string>> = {
  import: 'traces',
  verify: 'traces',
  critique: 'items',
  robustness: 'questions',
  improve: 'questions',
  score: 'traces',
  sample: 'problems',
  'step-label': 'traces',
  download: 'files',
  export: 'traces',
};

export interface Position {
  done: number;
  /** null while the total is unknown. */
  total: number | null;
  unit: string;
}

/** How far a run is: by its own measure while it reports one (bytes of a file), else by items. */
export const positionOf = (run: RunSummary): Position => {
  const { done, total, unit } =
    run.progress !== null && !isOver(run.state)
      ? run.progress
      : { done: run.done + run.skipped + run.failed, total: run.total, unit: 'traces' };
  return { done, total, unit: unit === 'traces' ? ITEM_WORDS[run.kind] : unit };
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

/** The traces of a run in which its judge itself found a flaw, whatever others said. */
export const flawedLink = (run: number, judge: string): string =>
  `/samples?${new URLSearchParams({ q: `run:${run} flawedby:${printValue({ kind: 'is', value: judge })}` })}`;

/** The files that a run has left for download: label to path under `/download/`. */
export const filesOf = (run: RunSummary): { label: string; path: string }[] =>
  [
    { label: 'Result', path: run.result.file },
    { label: 'Rejects', path: run.result.rejectsFile },
  ].filter((file): file is { label: string; path: string } => typeof file.path === 'string');

const short = (n: number): string => (n >= 1e6 ? `${(n / 1e6).toFixed(2)} M` : n.toLocaleString('en'));

/** Dollars: `$0.0123`, `$12.30`; `unknown` where the model has no price. */
export const money = (dollars: number | null): string =>
  dollars === null ? 'unknown' : `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;

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
    { label: 'cost', value: money(spend.cost) },
    { label: 'did not parse', value: short(spend.parseFailures) },
  ];
};

const RESULT_WORDS: Readonly<Record<string, string>> = {
  cases: 'cases that count',
  held: 'verdicts held',
  prompts: 'prompts in the pool',
  baseF1: 'F1 at first',
  bestF1: 'best F1',
  executor: 'done by',
};

/** Figures of the result that no other part of the page shows. */
export const figuresOf = (run: RunSummary): { label: string; value: string }[] =>
  Object.entries(run.result)
    .filter(([key]) => key !== 'flawed' || (run.kind !== 'score' && run.kind !== 'sample'))
    .filter(
      ([key, value]) =>
        value !== null && !['file', 'rejectsFile', 'importId', 'workedSeconds', 'workers'].includes(key),
    )
    .map(([key, value]) => ({
      label: RESULT_WORDS[key] ?? key,
      value: typeof value === 'number' ? value.toLocaleString('en') : String(value),
    }));
