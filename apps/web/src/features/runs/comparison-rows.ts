import { count, duration, percent, rate } from '../../app/format.ts';
import { money } from './run-words.ts';
import type { RunFigures } from './server.ts';

/** A figure of several runs; '' where a run does not have it. */
export interface ComparisonRow {
  label: string;
  /** What the figure is, where its label does not say. */
  title?: string;
  values: { value: string; title?: string }[];
}

/** `3 ms`, `1.24 s` */
export const milliseconds = (ms: number): string =>
  ms < 1_000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;

/** `62.5 %`, and in its title the interval, the baseline and of how many traces. */
export const devText = (dev: NonNullable<RunFigures['dev']>): { value: string; title: string } => {
  const share = (n: number | null): string => (n === null ? 'unknown' : `${(100 * n).toFixed(1)} %`);
  const said = [
    ...(dev.interval ? [`95 % interval ${share(dev.interval[0])} to ${share(dev.interval[1])}`] : []),
    ...(dev.baseline === null ? [] : [`always clean ${share(dev.baseline)}`]),
    `${count(dev.n)} traces with gold`,
  ];
  return { value: dev.f1 === null ? 'too little gold' : share(dev.f1), title: said.join(', ') };
};

const number = (n: number | null | undefined): { value: string } => ({ value: n == null ? '' : count(n) });

const ROWS: readonly {
  label: string;
  title?: string;
  of: (f: RunFigures) => { value: string; title?: string };
}[] = [
  { label: 'state', of: ({ run }) => ({ value: run.state }) },
  { label: 'judge', of: (f) => ({ value: f.judge ?? '' }) },
  { label: 'model', of: (f) => ({ value: f.model ?? '' }) },
  { label: 'over', of: ({ run }) => ({ value: run.subject || 'all traces' }) },
  { label: 'items', of: ({ run }) => number(run.total) },
  {
    label: 'flawed',
    title: 'traces by their first answer',
    of: ({ flawed, clean }) => ({
      value: flawed === null ? '' : `${count(flawed)}, ${percent(flawed, flawed + (clean ?? 0))}`,
    }),
  },
  { label: 'clean', of: (f) => number(f.clean) },
  { label: 'did not parse', of: ({ run }) => number(run.spend?.parseFailures) },
  {
    label: 'failed',
    title: 'answers that did not parse are among them',
    of: ({ run }) => number(run.failed),
  },
  { label: 'calls', of: ({ run }) => number(run.spend?.calls) },
  { label: 'from the cache', of: ({ run }) => number(run.spend?.cached) },
  { label: 'tokens in', of: ({ run }) => number(run.spend?.inputTokens) },
  { label: 'tokens out', of: ({ run }) => number(run.spend?.outputTokens) },
  { label: 'cost', of: ({ run }) => ({ value: run.spend ? money(run.spend.cost) : '' }) },
  {
    label: 'at the model',
    title: 'mean of an answer; those from the cache are left out',
    of: (f) => ({ value: f.times ? milliseconds(f.times.modelMs) : '' }),
  },
  {
    label: 'in the queue',
    title: 'mean wait of an answer for a place at the model',
    of: (f) => ({ value: f.times ? milliseconds(f.times.queueMs) : '' }),
  },
  { label: 'rate', of: (f) => ({ value: f.rate === null ? '' : rate(f.rate) }) },
  { label: 'worked', of: (f) => ({ value: f.seconds === null ? '' : duration(f.seconds) }) },
  {
    label: 'F1 on dev',
    title: 'ProcessBench F1 of its first answers against the dev split of gold',
    of: (f) => (f.dev ? devText(f.dev) : { value: '' }),
  },
];

/** Figures as rows, runs as columns; what none of the runs has is left out. Pure. */
export const comparisonRows = (figures: readonly RunFigures[]): ComparisonRow[] =>
  ROWS.map(({ of, ...row }) => ({ ...row, values: figures.map(of) })).filter((row) =>
    row.values.some(({ value }) => value !== ''),
  );
