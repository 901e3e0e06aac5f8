import type { Tuning } from '@flywheel/domain/critique';
import type { RunSummary } from '@flywheel/domain/run';
import { count } from '../../app/format.ts';
import { money } from './run-words.ts';

export type LimitName = 'concurrency' | 'tokens' | 'money' | 'minutes';
export type LimitTexts = Readonly<Record<LimitName, string>>;

/** A limit in its form; empty means that there is none. */
export const LIMIT_FIELDS: readonly {
  name: LimitName;
  label: string;
  placeholder: string;
  whole: boolean;
  max: number;
}[] = [
  { name: 'concurrency', label: 'Calls at once', placeholder: "the provider's", whole: true, max: 2_048 },
  { name: 'tokens', label: 'Stop before tokens', placeholder: 'no limit', whole: true, max: 1e12 },
  { name: 'money', label: 'Stop before dollars', placeholder: 'no limit', whole: false, max: 1e9 },
  { name: 'minutes', label: 'Stop before minutes', placeholder: 'no limit', whole: false, max: 1e6 },
];

export const PRIORITIES = ['low', 'normal', 'high'] as const;

const text = (n: number | null): string => (n === null ? '' : String(n));

export const limitTexts = ({ concurrency, budget }: Tuning): LimitTexts => ({
  concurrency: text(concurrency),
  tokens: text(budget.tokens),
  money: text(budget.money),
  minutes: text(budget.minutes),
});

/** Why the text of a limit cannot be taken; '' where it can. */
export const limitProblem = ({ whole, max }: (typeof LIMIT_FIELDS)[number], typed: string): string => {
  if (typed.trim() === '') return '';
  const n = Number(typed);
  if (!Number.isFinite(n)) return 'A number, please.';
  if (n <= 0) return 'More than 0.';
  if (whole && !Number.isInteger(n)) return 'A whole number, please.';
  return n > max ? `${count(max)} at most.` : '';
};

/** The tuning that the form asks for; only of texts that {@link limitProblem} takes. */
export const tuningOf = (texts: LimitTexts, priority: Tuning['priority']): Tuning => {
  const number = (name: LimitName): number | null => (texts[name].trim() === '' ? null : Number(texts[name]));
  return {
    concurrency: number('concurrency'),
    priority,
    budget: { tokens: number('tokens'), money: number('money'), minutes: number('minutes') },
  };
};

/** The limits of a run in words, with what is used up of its budget; '' where the run has none. */
export const limitsText = ({ tuning, spend, result }: RunSummary): string => {
  if (!tuning) return '';
  const { concurrency, priority, budget } = tuning;
  const used = (spend?.inputTokens ?? 0) + (spend?.outputTokens ?? 0);
  const minutes = Number(result.workedSeconds ?? 0) / 60;
  const stops = [
    ...(budget.tokens === null ? [] : [`${count(budget.tokens)} tokens (${count(used)} used)`]),
    ...(budget.money === null ? [] : [`$${budget.money} (${money(spend?.cost ?? 0)} spent)`]),
    ...(budget.minutes === null
      ? []
      : [`${Number(budget.minutes.toFixed(2))} min (${minutes.toFixed(1)} worked)`]),
  ];
  return [
    concurrency === null
      ? 'as many calls at once as the provider allows'
      : `at most ${count(concurrency)} calls at once`,
    `${priority} priority`,
    stops.length === 0 ? 'no budget' : `stops before ${stops.join(', ')}`,
  ].join('; ');
};
