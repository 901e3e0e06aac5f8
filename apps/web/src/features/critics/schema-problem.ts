import { CriticBody } from '@flywheel/domain/critic';
import type { Diagnostic } from '@flywheel/judges/critic/diagnostic';
import { jsonProblem } from './json-problem.ts';

/** A schema's text as the editor shows it. */
export const schemaText = (schema: CriticBody['schema']): string => JSON.stringify(schema, null, 2);

/** The text to show of a schema: as it was typed where that still says the same. */
export const shownSchema = (schema: CriticBody['schema'], typed: string): string => {
  const read = readSchema(typed).schema;
  return read && JSON.stringify(read) === JSON.stringify(schema) ? typed : schemaText(schema);
};

/** The schema that a text holds, or what keeps it from being one, at its place where the engine says it. */
export const readSchema = (
  text: string,
): { schema: CriticBody['schema']; problem: null } | { schema: null; problem: Diagnostic } => {
  const problem = (message: string, start: number) => ({
    schema: null,
    problem: { part: 'schema', severity: 'error', code: 'syntax', message, start, end: start + 1 } as const,
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = jsonProblem(text);
    return found ? problem(found.message, found.at) : problem(String(error), 0);
  }
  const schema = CriticBody.shape.schema.safeParse(value);
  return schema.success ? { schema: schema.data, problem: null } : problem('A schema is a JSON object.', 0);
};
