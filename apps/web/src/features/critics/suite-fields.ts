import type { z } from 'zod';

/** A number of a suite's form; empty is the default that the placeholder shows. */
export interface SuiteField {
  name: string;
  label: string;
  placeholder: string;
  min: number;
  step?: 'any';
}

export const BUDGET_FIELDS: readonly SuiteField[] = [
  { name: 'tokens', label: 'Stop before tokens', placeholder: 'no limit', min: 1 },
  { name: 'money', label: 'Stop before dollars', placeholder: 'no limit', min: 0, step: 'any' },
  { name: 'minutes', label: 'Stop before minutes', placeholder: 'no limit', min: 0, step: 'any' },
];
const BUDGET = new Set(BUDGET_FIELDS.map((f) => f.name));

export interface ReadSuite<Launch> {
  /** null while a field cannot be taken. */
  launch: Launch | null;
  problems: Readonly<Record<string, string>>;
}

/** Reads a form's texts as the schema has it; what is wrong stands under the field's name. */
export const readSuite = <Schema extends z.ZodType>(
  schema: Schema,
  rest: object,
  texts: Readonly<Record<string, string>>,
): ReadSuite<z.output<Schema>> => {
  const numbers = Object.entries(texts).flatMap(([name, text]) =>
    text.trim() === '' ? [] : [[name, Number(text)] as const],
  );
  const [own, budget] = [numbers.filter(([n]) => !BUDGET.has(n)), numbers.filter(([n]) => BUDGET.has(n))];
  const parsed = schema.safeParse({
    ...rest,
    ...Object.fromEntries(own),
    budget: Object.fromEntries(budget),
  });
  if (parsed.success) return { launch: parsed.data, problems: {} };
  const problems = parsed.error.issues.map((issue) => [String(issue.path.at(-1)), issue.message]);
  return { launch: null, problems: Object.fromEntries(problems) };
};
