import { expect, test } from 'vitest';
import { DEFAULT_SCHEMA } from './default-critic.ts';
import { parseAnswer } from './parse-answer.ts';

const answer = (first: unknown, more: object = {}) =>
  JSON.stringify({
    rationale: 'See [S1] and [S9], [S1].',
    first_error: first,
    category: first === null ? null : 'sign',
    confidence: 0.5,
    ...more,
  });
const loose = {
  ...DEFAULT_SCHEMA,
  properties: { first_error: {} },
  required: [],
  additionalProperties: true,
};
const read = (text: string, finish: 'stop' | 'length' | 'refusal' = 'stop') =>
  parseAnswer(text, finish, DEFAULT_SCHEMA, 4);
const why = (text: string, finish: 'stop' | 'length' | 'refusal' = 'stop') => {
  const parsed = read(text, finish);
  return parsed.ok ? `S${parsed.firstError}` : parsed.reason;
};

test('[J20] the object is the whole text, in a fence, or amid prose', () => {
  expect(read(answer(2))).toMatchObject({
    ok: true,
    firstError: 2,
    category: 'sign',
    citations: [1],
    found: 'whole',
  });
  expect(read(`So:\n\`\`\`json\n${answer(1)}\n\`\`\`\n`)).toMatchObject({ firstError: 1, found: 'fence' });
  expect(read(`I think {this} is it: ${answer(null)} Done.`)).toMatchObject({
    firstError: null,
    found: 'prose',
  });
});

test('[J20] a verdict behind 5,000 other braces is found', () => {
  expect(why(`${'\\\\frac{1}{2} '.repeat(2_500)}${answer(3)}`)).toBe('S3');
});

test('[J21] the last verdict speaks; if it cannot be read, none does', () => {
  expect(why(`Draft ${answer(null)} but no: ${answer(2)}`)).toBe('S2');
  expect(why(`\`\`\`json\n${answer(null)}\n\`\`\`\nNo, rather: ${answer(2)}`)).toBe('S2');
  expect(why(`Format ${answer(null)} and mine: ${answer(77)}`)).toBe('step-out-of-range');
  expect(why(`Format ${answer(null)} and mine: {"first_error": 2, "rationale": "cut`)).toBe('bad-json');
});

test('[J22] only words beyond doubt stand for a step or for null', () => {
  for (const word of ['S3', '3', '[S3]', ' s3 ', 'step 3']) expect(why(answer(word)), word).toBe('S3');
  for (const word of ['null', 'none', 'clean', 'None']) expect(why(answer(word)), word).toBe('Snull');
  for (const word of ['', 'no', 'S3 or S4', '-1', '3.5', true, [], {}])
    expect(why(answer(word))).toBe('wrong-schema');
});

test('[J23] a step that the trace lacks is a failure', () => {
  expect(why(answer(4))).toBe('step-out-of-range');
  expect(why(answer(-1))).toBe('step-out-of-range');
});

test('[J24] refusal, cut and empty answers are named', () => {
  expect(why(answer(null), 'refusal')).toBe('refusal');
  expect(why(`Draft ${answer(null)} but`, 'length')).toBe('truncated');
  expect(why('{"first_error": nu', 'length')).toBe('truncated');
  expect(why(' \n')).toBe('empty');
  expect(why('All steps are right.')).toBe('no-json');
});

test('[J25] a confidence outside 0 to 1 is never a confidence', () => {
  expect(why(answer(1, { confidence: 95 }))).toBe('wrong-schema');
  expect(parseAnswer('{"first_error":1,"confidence":95}', 'stop', loose, 4)).toMatchObject({
    confidence: null,
  });
});

test('[J26] arbitrary text never throws and is never clean (20,000 texts, seed 11)', () => {
  const pieces = [
    '{',
    '}',
    '"first_error"',
    ':',
    '"',
    'null',
    'clean',
    '```',
    '\n',
    '```json',
    ',',
    '"rationale"',
    'S1',
    '[S2]',
    '\\',
    '0',
    ' ',
    '[',
    ']',
    'é',
  ];
  let seed = 11;
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * n);
  };
  for (let k = 0; k < 20_000; k++) {
    const text = Array.from({ length: 1 + random(20) }, () => pieces[random(pieces.length)]).join('');
    const parsed = parseAnswer(text, 'stop', loose, 4);
    if (parsed.ok && parsed.firstError === null)
      expect(text).toMatch(/"first_error"\s*:\s*(null|"\s*(null|clean)\s*")/);
  }
});

test('[J26] a schema that cannot be used is said, not thrown', () => {
  const schema = { type: 'object', properties: { first_error: { $ref: '#/nowhere' } } };
  expect(parseAnswer('{"first_error":null}', 'stop', schema, 4)).toMatchObject({
    ok: false,
    reason: 'wrong-schema',
  });
});
