import { CritiqueConfig } from '@flywheel/domain/critique';
import { z } from 'zod';

/** What a link may say of a launch: any part of the request, e.g. that of a run to be forked. What cannot be read is left out. */
const Part = CritiqueConfig.extend({ query: z.string().max(20_000) });
export type Prefill = Partial<z.infer<typeof Part>>;

/** Reads the `launch` parameter of a URL; null where it holds no JSON object. */
export const readPrefill = (text: string | null): Prefill | null => {
  if (text === null || text === '') return null;
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return null;
  const shape = Part.shape as Record<string, z.ZodType>;
  return Object.fromEntries(
    Object.entries(said).flatMap(([key, value]) => {
      const read = Object.hasOwn(shape, key) ? shape[key]?.safeParse(value) : undefined;
      return read?.success ? [[key, read.data]] : [];
    }),
  ) as Prefill;
};

type Name = 'repetitions' | 'concurrency' | 'tokens' | 'money' | 'minutes';

/** A number of the launch form; empty leaves it to what the placeholder says. */
export interface LaunchField {
  name: Name;
  label: string;
  placeholder: string;
  min: number;
  max?: number;
  step?: 'any';
}

export const LAUNCH_FIELDS: readonly LaunchField[] = [
  { name: 'repetitions', label: 'Answers for each', placeholder: '1', min: 1, max: 20 },
  { name: 'concurrency', label: 'Calls at once', placeholder: "the provider's", min: 1, max: 2_048 },
  { name: 'tokens', label: 'Stop before tokens', placeholder: 'no limit', min: 1 },
  { name: 'money', label: 'Stop before dollars', placeholder: 'no limit', min: 0, step: 'any' },
  { name: 'minutes', label: 'Stop before minutes', placeholder: 'no limit', min: 0, step: 'any' },
];

/** Why a field's text cannot be taken; '' where it can. */
export const boundedProblem = (field: LaunchField, text: string): string => {
  if (text.trim() === '') return '';
  const value = Number(text);
  if (!Number.isFinite(value)) return 'A number, please.';
  if (field.step === undefined && !Number.isInteger(value)) return 'A whole number, please.';
  if (field.min === 0 ? value <= 0 : value < field.min)
    return field.min === 0 ? 'More than 0.' : `${field.min} at least.`;
  return field.max !== undefined && value > field.max ? `${field.max.toLocaleString('en')} at most.` : '';
};

const text = (value: number | null | undefined): string => (value == null ? '' : String(value));

/** Texts of the form for a launch that was asked for. */
export const launchFieldsOf = ({ repetitions, concurrency, budget }: Prefill): Record<Name, string> => ({
  repetitions: text(repetitions ?? 1),
  concurrency: text(concurrency),
  tokens: text(budget?.tokens),
  money: text(budget?.money),
  minutes: text(budget?.minutes),
});

/** The launch that the form's texts ask for; only of texts that {@link boundedProblem} takes. */
export const launchOf = (
  fields: Record<Name, string>,
): Pick<CritiqueConfig, 'repetitions' | 'concurrency' | 'budget'> => {
  const number = (name: Name): number | null => (fields[name].trim() === '' ? null : Number(fields[name]));
  return {
    repetitions: number('repetitions') ?? 1,
    concurrency: number('concurrency'),
    budget: { tokens: number('tokens'), money: number('money'), minutes: number('minutes') },
  };
};
