import type { CriticBody } from '@flywheel/domain/critic';
import { analyseTemplate } from './analyse-template.ts';
import type { CriticContext } from './context.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { CriticTemplates } from './render.ts';

const NEEDED = ['first_error'];
const READ = ['first_error', 'category', 'confidence', 'rationale'];

/**
 * What is wrong, or likely not meant, in a critic: syntax, names, examples, fields (rules J30 to J38). Never throws.
 *
 * @param sample the pinned trace's context; without one the shape that every trace has
 * @param templates gives the engine's own syntax errors beside ours
 */
export const analyse = (
  body: Pick<CriticBody, 'system' | 'user' | 'schema' | 'examples'>,
  sample?: CriticContext,
  templates?: CriticTemplates,
): Diagnostic[] => {
  const system = analyseTemplate('system', body.system, sample);
  const user = analyseTemplate('user', body.user, sample);
  const found = [...system.diagnostics, ...user.diagnostics];
  for (const part of ['system', 'user'] as const) {
    const error = templates?.check(part, body[part]);
    if (error && !found.some((d) => d.part === part && d.code === 'syntax'))
      found.push({
        part,
        severity: 'error',
        code: 'syntax',
        message: error.message,
        ...rangeOf(body[part], error),
      });
  }
  const uses = (name: string): boolean => system.used.has(name) || user.used.has(name);
  const say = (part: Diagnostic['part'], code: Diagnostic['code'], message: string): void => {
    const end = part === 'schema' ? 0 : firstLine(body[part]);
    found.push({ part, severity: 'warning', code, message, start: 0, end });
  };
  if (body.user.trim() === '')
    found.push({
      part: 'user',
      severity: 'error',
      code: 'empty-template',
      message: 'The user template is empty: the model would be asked nothing.',
      start: 0,
      end: 0,
    });
  else if (!uses('steps') && !uses('trace.text'))
    say('user', 'no-steps', 'Neither template shows the steps: write {{ trace.text }}, or go through steps.');
  if (body.examples.n > 0 && !uses('examples'))
    say(
      'user',
      'unused-examples',
      `${body.examples.n} examples are drawn, but no template shows them: go through examples, or set their number to 0.`,
    );
  if (body.examples.n === 0 && uses('examples'))
    say('user', 'no-examples', 'The template shows examples, but none are drawn: set their number above 0.');
  const properties = body.schema.properties;
  const fields = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  for (const field of NEEDED)
    if (!fields.includes(field))
      say('schema', 'missing-field', `The schema has no ${field}: no verdict can be read without it.`);
  const texts = `${body.system}\n${body.user}`;
  for (const field of fields)
    if (!texts.includes(field))
      say(
        'schema',
        'unasked-field',
        READ.includes(field)
          ? `No template asks for ${field}, which the schema has.`
          : `No template asks for ${field}, which the schema has; verdicts do not use it.`,
      );
  return found;
};

const firstLine = (text: string): number => {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
};

/** Offsets of an error's line and columns (1-based line, 0-based columns); the whole line where columns are not known. */
const rangeOf = (
  text: string,
  at: { line: number | null; column: number | null; endColumn: number | null },
): { start: number; end: number } => {
  const lines = text.split('\n');
  const line = Math.min((at.line ?? 1) - 1, lines.length - 1);
  const before = lines.slice(0, line).reduce((sum, l) => sum + l.length + 1, 0);
  const length = lines[line]?.length ?? 0;
  const start = Math.min(at.column ?? 0, Math.max(0, length - 1));
  return { start: before + start, end: before + Math.max(start, Math.min(at.endColumn ?? length, length)) };
};
