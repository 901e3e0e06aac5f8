import { seededRandom } from '@flywheel/domain/metrics/random';
import { expect, it } from 'vitest';
import { jsonProblem } from './json-problem.ts';
import { readSchema, schemaText, shownSchema } from './schema-problem.ts';

const SCHEMA = { type: 'object', required: ['first_error'] };

it('a schema is read as it is written', () => {
  expect(readSchema(schemaText(SCHEMA))).toEqual({ schema: SCHEMA, problem: null });
});

it('[W3] what cannot be read is said, at its place where that is known', () => {
  const text = '{\n  "type": object\n}';
  const { schema, problem } = readSchema(text);
  expect(schema).toBeNull();
  expect(problem).toMatchObject({ part: 'schema', severity: 'error', code: 'syntax' });
  expect(text.slice(problem?.start, problem?.end)).toBe('o');
  expect(readSchema('').problem?.start).toBe(0);
  expect(readSchema('{"type": "object"').problem).toMatchObject({
    start: 17,
    message: '"," or "}" is expected; the end stands here.',
  });
});

it('finds a problem exactly when JSON.parse does, on random damage', () => {
  const random = seededRandom(5);
  const whole = JSON.stringify({ a: [1, -2.5e3, true, null, 'x\n"y"'], b: { c: {}, d: [] } }, null, 1);
  for (let i = 0; i < 3_000; i++) {
    const at = Math.floor(random() * whole.length);
    const put = '{}[],:"\\01e.-tx \n'[Math.floor(random() * 16)] ?? '';
    const text = whole.slice(0, at) + put + whole.slice(at + Math.floor(random() * 3));
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    expect(jsonProblem(text) === null, JSON.stringify(text)).toBe(valid);
  }
});

it('a list or a word is JSON, but no schema', () => {
  for (const text of ['[]', '"object"', 'null', '3'])
    expect(readSchema(text).problem?.message).toBe('A schema is a JSON object.');
});

it('what was typed keeps its line breaks as long as it says the same', () => {
  const typed = '{"type":"object",\n\n"required":["first_error"]}';
  expect(shownSchema(SCHEMA, typed)).toBe(typed);
  expect(shownSchema({ ...SCHEMA, title: 'x' }, typed)).toBe(schemaText({ ...SCHEMA, title: 'x' }));
  expect(shownSchema(SCHEMA, '{')).toBe(schemaText(SCHEMA));
});
