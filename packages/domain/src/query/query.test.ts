import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clause, Query, TextExpr } from './ast.ts';
import { clearField, completionAt, selectedValues, selects, toggleValue, withClauses } from './edit.ts';
import { parseQuery, QueryError, requireQuery } from './parse.ts';
import { printQuery } from './print.ts';

const word = fc.stringMatching(/^[a-zéß0-9.]{1,8}$/).filter((w) => w !== 'OR');
const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.record({
    field: fc.constantFrom('task', 'model', 'tag', 'meta.level') as fc.Arbitrary<Clause['field']>,
    negated: fc.boolean(),
    values: fc.array(
      fc.string({ minLength: 1, maxLength: 12 }).map((value) => ({ kind: 'is' as const, value })),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({
    field: fc.constant('steps' as const),
    negated: fc.boolean(),
    values: fc
      .tuple(fc.nat(50), fc.nat(50))
      .map(([a, b]) => [{ kind: 'range' as const, min: Math.min(a, b), max: Math.max(a, b) }]),
  }),
);
const leaf: fc.Arbitrary<TextExpr> = fc.oneof(
  word.map((text) => ({ op: 'term' as const, text })),
  word.map((text) => ({ op: 'prefix' as const, text })),
  fc
    .string({ minLength: 1, maxLength: 10 })
    .filter((s) => s.trim() !== '')
    .map((text) => ({ op: 'phrase' as const, text })),
);
/** Canonical expressions: no nested group of the same operator, no double negation. */
const expression = (depth: number, above: string): fc.Arbitrary<TextExpr> =>
  depth === 0
    ? leaf
    : fc.oneof(
        leaf,
        ...(['and', 'or'] as const)
          .filter((op) => op !== above)
          .map((op) =>
            fc
              .array(expression(depth - 1, op), { minLength: 2, maxLength: 3 })
              .map((items) => ({ op, items })),
          ),
        ...(above === 'not'
          ? []
          : [expression(depth - 1, 'not').map((item) => ({ op: 'not' as const, item }))]),
      );

const errorsOf = (text: string) => parseQuery(text).errors;

describe('the query language', () => {
  it('[Q1] reads the example of the command line', () => {
    expect(parseQuery('task:gsm8k outcome:wrong steps:2..9 "how many"')).toMatchObject({
      errors: [],
      query: {
        clauses: [
          { field: 'task', negated: false, values: [{ kind: 'is', value: 'gsm8k' }] },
          { field: 'outcome', negated: false, values: [{ kind: 'is', value: 'wrong' }] },
          { field: 'steps', negated: false, values: [{ kind: 'range', min: 2, max: 9 }] },
        ],
        text: { op: 'phrase', text: 'how many' },
      },
    });
  });

  it('[Q2] OR binds looser than a sequence; minus negates; a star is a prefix', () => {
    expect(parseQuery('left OR -remain* x').query.text).toEqual({
      op: 'or',
      items: [
        { op: 'term', text: 'left' },
        {
          op: 'and',
          items: [
            { op: 'not', item: { op: 'prefix', text: 'remain' } },
            { op: 'term', text: 'x' },
          ],
        },
      ],
    });
  });

  it('[Q3] reading what was printed gives the same query', () => {
    const query: fc.Arbitrary<Query> = fc.record({
      clauses: fc.array(clause, { maxLength: 3 }),
      text: fc.option(expression(3, ''), { nil: null }),
    });
    fc.assert(
      fc.property(query, (q) => {
        const { query: read, errors } = parseQuery(printQuery(q));
        expect({ query: read, errors }).toEqual({ query: q, errors: [] });
      }),
    );
  });

  it('[Q4] never throws, and every error lies inside the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a:"()-,.* OR\\task1é'), maxLength: 60 }), (text) => {
        for (const e of errorsOf(text)) {
          expect(e.start).toBeGreaterThanOrEqual(0);
          expect(e.end).toBeGreaterThan(e.start);
          expect(e.end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it.each([
    ['taks:gsm8k', 0, 4],
    ['outcome:rong', 8, 12],
    ['a steps:9..2', 8, 12],
    ['steps:many', 6, 10],
    ['"open', 0, 5],
    ['(a', 0, 1],
    ['a)', 1, 2],
    ['a OR', 2, 4],
    ['model:', 0, 6],
  ])('[Q5] %s: the error stands at %i..%i', (text, start, end) => {
    expect(errorsOf(text)).toMatchObject([{ start, end }]);
  });

  it('[Q6] work that needs a right query says what is wrong, and where', () => {
    expect(() => requireQuery('outcome:rong')).toThrow(QueryError);
    expect(() => requireQuery('outcome:rong')).toThrow(
      'at 9: "rong": `outcome` is one of right, wrong, none, unknown.',
    );
  });

  it('[Q7] toggling a value twice gives back the filter; clearing takes every clause', () => {
    const q = requireQuery('task:a model:x task:b');
    const value = { kind: 'is', value: 'c' } as const;
    const once = toggleValue(q, 'task', value);
    expect(printQuery(once)).toBe('task:a,b,c model:x');
    expect(printQuery(toggleValue(once, 'task', value))).toBe('task:a,b model:x');
    expect(printQuery(clearField(once, 'task'))).toBe('model:x');
  });

  it('[Q9] a number inside a range is selected, and toggling it takes it out of the range', () => {
    const q = requireQuery('steps:2..9,12 model:x');
    const off = (n: number) => printQuery(toggleValue(q, 'steps', { kind: 'is', value: String(n) }));
    expect(selects(selectedValues(q, 'steps'), '5')).toBe(true);
    expect(selects(selectedValues(q, 'steps'), '10')).toBe(false);
    expect(off(5)).toBe('steps:2..4,6..9,12 model:x');
    expect(off(2)).toBe('steps:3..9,12 model:x');
    expect(off(9)).toBe('steps:2..8,12 model:x');
    expect(off(10)).toBe('steps:2..9,12,10 model:x');
    expect(off(12)).toBe('steps:2..9 model:x');
    expect(printQuery(toggleValue(requireQuery('steps:..3'), 'steps', { kind: 'is', value: '0' }))).toBe(
      'steps:1..3',
    );
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(20), (a, b, n) => {
        const range = requireQuery(`steps:${Math.min(a, b)}..${Math.max(a, b)}`);
        const value = { kind: 'is', value: String(n) } as const;
        const after = selectedValues(toggleValue(range, 'steps', value), 'steps');
        for (let k = 0; k <= 21; k++)
          expect(selects(after, String(k))).toBe(
            selects(selectedValues(range, 'steps'), String(k)) !== (k === n),
          );
      }),
    );
  });

  it.each([
    ['outcome:rong', 'task:a outcome:rong'],
    ['task:b outcome:rong "open', 'task:b,a outcome:rong "open'],
    ['left steps:x OR  -model:m  (right', 'left steps:x OR  -model:m task:a (right'],
    ['task:a taks:a', 'taks:a'],
    ['(x task:a', 'task:a (x task:a'],
  ])('[Q10] toggling task:a in %s keeps what cannot be read: %s', (text, after) => {
    const value = { kind: 'is', value: 'a' } as const;
    expect(withClauses(text, toggleValue(parseQuery(text).query, 'task', value))).toBe(after);
  });

  it('[Q10] a clause of which a part cannot be read keeps that part', () => {
    const { query } = parseQuery('outcome:rong,right steps:2 -steps:x,3');
    const value = { kind: 'is', value: 'right' } as const;
    const text = 'outcome:rong,right steps:2 -steps:x,3';
    expect(withClauses(text, toggleValue(query, 'outcome', value))).toBe('outcome:rong steps:2 -steps:x,3');
    expect(withClauses(text, clearField(query, 'steps'))).toBe('outcome:rong,right -steps:x');
  });

  it('[Q10] whatever the text: the edited text reads as the edited query, and no word is lost', () => {
    const parts = fc.constantFrom(
      'task:a',
      '-task:b',
      'task:c',
      'outcome:rong,right',
      'steps:2..,x',
      'taks:a',
      'w',
      '-v',
      '"p q"',
      '"open',
      '(',
      ')',
      '-',
      'model:',
    );
    const texts = fc.array(fc.tuple(parts, fc.constantFrom(' ', '  ')), { maxLength: 8 });
    fc.assert(
      fc.property(texts, fc.constantFrom('a', 'c', 'z'), (list, name) => {
        const text = list.flat().join('');
        const { query } = parseQuery(text);
        for (const next of [
          toggleValue(query, 'task', { kind: 'is', value: name }),
          clearField(query, 'task'),
        ]) {
          const after = parseQuery(withClauses(text, next)).query;
          const inOrder = (q: Query) => q.clauses.map((c) => JSON.stringify(c)).sort();
          expect([inOrder(after), after.text]).toEqual([inOrder(next), next.text]);
          const words = (of: string) =>
            of.split(/\s+/).filter((word) => word !== '' && !word.includes('task:'));
          if (parseQuery(text).errors.length > 0) expect(words(withClauses(text, next))).toEqual(words(text));
        }
      }),
    );
  });

  it('[Q8] completes fields and values at the caret', () => {
    expect(completionAt('out', 3)).toMatchObject({ kind: 'field', options: ['outcome'], start: 0, end: 3 });
    expect(completionAt('task:a,gs', 9)).toMatchObject({
      kind: 'value',
      field: 'task',
      typed: 'gs',
      start: 7,
    });
    expect(completionAt('-flawedby:critic:first@2', 24)).toMatchObject({
      kind: 'value',
      field: 'flawedby',
      typed: 'critic:first@2',
    });
    expect(completionAt('outcome:', 8)).toMatchObject({
      kind: 'value',
      typed: '',
      options: ['right', 'wrong', 'none', 'unknown'],
    });
  });
});
