import { describe, expect, it } from 'vitest';
import { findByPattern, patternError } from './answer-pattern.ts';
import { RecordError } from './draft.ts';
import { mapRecord } from './map-record.ts';
import { Mapping } from './mapping.ts';

const FIELDS = {
  reader: 'fields',
  prompt: 'q',
  steps: { path: 's', split: 'lines' },
  task: { constant: 't' },
  model: { constant: 'm' },
  source: 'x',
};

describe('[I28] an answer by a pattern of the user', () => {
  it.each([
    ['the first group', 'Result => (\\d+)', 'Result => 4\nResult => 42', '42'],
    ['the whole match where there is no group', '\\d+$', 'one 1\ntwo 22\nthree', '22'],
    ['at lines', '^A: (.*)$', 'A: no\nB: 1\nA: yes ', 'yes'],
    ['any script', '答案是\\s*(\\S+)', '所以答案是 七', '七'],
    ['nothing', 'zzz', 'abc', null],
    ['a group that took no part', '(x)?y', 'y', null],
  ])('%s', (_, pattern, text, answer) => {
    expect(findByPattern(text, pattern)).toBe(answer);
  });

  it.each([
    ['a**', 'invalid nested repetition operator at character 2: **'],
    ['ab[z-a]', 'invalid character class range at character 4: z-a'],
    ['x(?=y)', 'invalid or unsupported Perl syntax at character 2: (?='],
    ['(a', 'missing closing )'],
  ])('%s is refused with the place of the fault', (pattern, message) => {
    expect(patternError(pattern)).toBe(message);
    const read = Mapping.safeParse({ ...FIELDS, answerFrom: { pattern } });
    expect(JSON.stringify(read.error?.issues)).toContain(JSON.stringify(message).slice(1, -1));
  });

  it('a pattern that makes a backtracking engine run away is answered at once', () => {
    const began = performance.now();
    expect(findByPattern(`${'a'.repeat(50_000)}!`, '(a+)+$')).toBeNull();
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('a record on which the pattern takes too long is rejected, by name of the pattern', () => {
    // Each of the many matches looks to the end of the text for a longer one.
    const mapping = Mapping.parse({ ...FIELDS, answerFrom: { pattern: 'a(.*\\n)*b|a' } });
    const record = { q: 'q', s: 'a\n'.repeat(40_000) };
    expect(() => mapRecord(mapping, record, 'f')).toThrow(RecordError);
    expect(() => mapRecord(mapping, record, 'f')).toThrow('a(.*\\n)*b|a');
  });

  it('it is looked for in the answer, or without one in the steps, and in the reference', () => {
    const own = { pattern: '=> (\\d+)' };
    const mapping = Mapping.parse({ ...FIELDS, reference: 'r', referenceFrom: own, answerFrom: own });
    expect(mapRecord(mapping, { q: 'q', s: 'so\n=> 7', r: 'x => 8' }, 'f')[0]).toMatchObject({
      answer: '7',
      reference: '8',
    });
  });
});
