import type { MetricName } from './command-trainer.ts';

/** Figures of one moment, each a finite number. `step` is null where the trainer never said it. */
export interface CommandMetric {
  step: number | null;
  epoch?: number;
  loss?: number;
  learningRate?: number;
  evalLoss?: number;
  /** Since the start. */
  tokens?: number;
  /** Figures that were NaN or infinite: the training has diverged. */
  notFinite?: MetricName[];
  /** When it was read, in milliseconds since 1970. */
  at: number;
}

/** What one line or entry says, before it is known which step it belongs to. Values may be NaN or infinite. */
export type Figures = Partial<Record<MetricName, number>>;

const WORDS = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

/** A number as programs print it (`5e-05`, `1,024`, `NaN`, `-inf`), or undefined for any other text or type. */
export const printedNumber = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain) ? Number(plain) : undefined;
};

const SAID = ['epoch', 'loss', 'learningRate', 'evalLoss', 'tokens'] as const;
type Said = (typeof SAID)[number];

/**
 * Puts figures of several sources into one series: a figure is passed on once a step, so that a log and a state file that
 * say the same do not count twice. What has no step belongs to the last one that was said.
 */
export class MetricSeries {
  /** The step that was said last, or null. */
  step: number | null = null;
  totalSteps: number | null;
  private readonly reached = new Map<Said, number>();

  /** `totalSteps`: as the budget says, or null; what the trainer says counts more. */
  constructor(totalSteps: number | null) {
    this.totalSteps = totalSteps;
  }

  /** The metric that these figures add, or null when they add none. */
  add(figures: Figures, at: number): CommandMetric | null {
    if (Number.isFinite(figures.totalSteps) && (figures.totalSteps ?? 0) > 0)
      this.totalSteps = figures.totalSteps ?? null;
    const step = Number.isFinite(figures.step) ? (figures.step as number) : this.step;
    if (step !== null) this.step = Math.max(step, this.step ?? step);
    const metric: CommandMetric = { step, at };
    const notFinite: MetricName[] = [];
    for (const name of SAID) {
      const value = figures[name];
      if (value === undefined || (step !== null && step <= (this.reached.get(name) ?? -1))) continue;
      if (step !== null) this.reached.set(name, step);
      if (Number.isFinite(value)) metric[name] = value;
      else notFinite.push(name);
    }
    if (notFinite.length > 0) metric.notFinite = notFinite;
    // An epoch alone is no figure: a closing summary has one.
    const said = SAID.some((name) => name !== 'epoch' && metric[name] !== undefined);
    return said || notFinite.length > 0 ? metric : null;
  }

  /** Takes a metric that an earlier reader passed on. */
  recall(metric: CommandMetric): void {
    const { step } = metric;
    if (step === null) return;
    this.step = Math.max(step, this.step ?? step);
    for (const name of SAID)
      if (metric[name] !== undefined || metric.notFinite?.includes(name))
        this.reached.set(name, Math.max(step, this.reached.get(name) ?? step));
  }
}
