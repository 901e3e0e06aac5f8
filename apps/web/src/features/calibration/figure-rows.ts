import type { Calibration } from '@flywheel/domain/metrics/calibration';

export interface FigureRow {
  key: string;
  title: string;
  /** What the figure is over. */
  note: string;
  /** Traces that the figure is over. */
  n: number;
  value: number | null;
  interval: readonly [number, number] | null;
  baseline: number | null;
}

/** The figures of a calibration in the order of the page, each with the n it is over and its baseline. */
export const figureRows = (c: Calibration): FigureRow[] => [
  {
    key: 'accError',
    title: 'acc error',
    note: 'exact first error on flawed traces',
    n: c.flawed,
    value: c.accError,
    interval: c.intervals.accError,
    baseline: c.baseline.accError,
  },
  {
    key: 'accClean',
    title: 'acc clean',
    note: 'clean traces called clean',
    n: c.clean,
    value: c.accClean,
    interval: c.intervals.accClean,
    baseline: c.baseline.accClean,
  },
  {
    key: 'f1',
    title: 'ProcessBench F1',
    note: '2ab / (a + b) of the two above',
    n: c.n,
    value: c.f1,
    interval: c.intervals.f1,
    baseline: c.baseline.f1,
  },
  {
    key: 'exact',
    title: 'exact position',
    note: 'over all traces, clean ones included',
    n: c.n,
    value: c.exact,
    interval: c.intervals.exact,
    baseline: c.baseline.exact,
  },
  {
    key: 'positionKappa',
    title: 'kappa, position',
    note: 'exact position beyond chance, at most 1',
    n: c.n,
    value: c.positionKappa,
    interval: c.intervals.positionKappa,
    baseline: c.baseline.positionKappa,
  },
  {
    key: 'precision',
    title: 'precision',
    note: 'flawed or clean, whole solution',
    n: c.confusion.flawed.flawed + c.confusion.clean.flawed,
    value: c.solution.precision,
    interval: c.intervals.precision,
    baseline: c.baseline.solution.precision,
  },
  {
    key: 'recall',
    title: 'recall',
    note: 'flawed or clean, whole solution',
    n: c.flawed,
    value: c.solution.recall,
    interval: c.intervals.recall,
    baseline: c.baseline.solution.recall,
  },
  {
    key: 'solutionF1',
    title: 'F1',
    note: 'flawed or clean, whole solution',
    n: c.n,
    value: c.solution.f1,
    interval: c.intervals.solutionF1,
    baseline: c.baseline.solution.f1,
  },
  {
    key: 'mcc',
    title: 'MCC',
    note: 'flawed or clean, -1 to 1',
    n: c.n,
    value: c.solution.mcc,
    interval: c.intervals.mcc,
    baseline: c.baseline.solution.mcc,
  },
  {
    key: 'kappa',
    title: "Cohen's kappa",
    note: 'flawed or clean beyond chance, at most 1',
    n: c.n,
    value: c.solution.kappa,
    interval: c.intervals.kappa,
    baseline: c.baseline.solution.kappa,
  },
];

/** `0.482`; a dash where the figure has no denominator. */
export const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
