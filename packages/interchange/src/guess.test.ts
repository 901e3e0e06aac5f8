import type { JsonValue } from '@flywheel/domain/trace';
import { describe, expect, it } from 'vitest';
import { guess } from './guess.ts';
import { mapRecord } from './map-record.ts';
import { Mapping } from './mapping.ts';

const traces = (records: JsonValue[]) => {
  const { mapping } = guess(records);
  if (!mapping) throw new Error('no mapping');
  return records.flatMap((r) => mapRecord(mapping, r, 'data/set.jsonl'));
};

describe('[I24] shapes that files commonly have are guessed', () => {
  it('{question, answer} with the answer behind ####', () => {
    expect(traces([{ question: 'Q?', answer: 'a\nb\n#### 1,200' }])).toMatchObject([
      { prompt: 'Q?', steps: ['a', 'b', '#### 1,200'], answer: '1,200', reference: null },
    ]);
  });

  it('{problem, solution} with \\boxed{}', () => {
    const solution = 'First.\n\nSo $x=\\boxed{\\frac{1}{2}}$.';
    expect(traces([{ problem: 'P', solution, level: 'Level 1' }])).toMatchObject([
      {
        prompt: 'P',
        steps: ['First.', 'So $x=\\boxed{\\frac{1}{2}}$.'],
        answer: '\\frac{1}{2}',
        extra: { level: 'Level 1' },
      },
    ]);
  });

  it.each(['completion', 'response', 'output', 'generation', 'model_output'])('{prompt, %s}', (name) => {
    expect(traces([{ prompt: 'P', [name]: 'Step 1: a\nStep 2: The answer is 3.' }])).toMatchObject([
      { prompt: 'P', steps: ['Step 1: a', 'Step 2: The answer is 3.'], answer: '3', extra: {} },
    ]);
  });

  it('{instruction, input, output}: the input belongs to the prompt', () => {
    const records = [
      { instruction: 'Add.', input: '', output: 'One. Two. Three.' },
      { instruction: 'Add.', input: '1 2', output: 'It is 3. Done. Yes.' },
    ];
    expect(traces(records).map((t) => [t.prompt, t.steps.length])).toEqual([
      ['Add.', 3],
      ['Add.\n\n1 2', 3],
    ]);
  });

  it('chats: OpenAI, Hugging Face, ShareGPT, and conversational prompt and completion', () => {
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      { role: 'assistant', content: 'a\n\nb' },
    ];
    const conversations = [
      { from: 'human', value: 'hi' },
      { from: 'gpt', value: 'a\n\nb' },
    ];
    const split = { prompt: messages.slice(0, 1), completion: messages.slice(1) };
    const all: JsonValue[] = [{ messages }, { conversations }, split];
    for (const record of all)
      expect(traces([record])).toMatchObject([
        { prompt: 'hi', steps: ['a', 'b'], model: 'unknown', task: 'set' },
      ]);
  });

  it('TRL stepwise supervision, with labels', () => {
    const record = { prompt: 'p', completions: ['a', 'b', 'c'], labels: [true, false, null] };
    expect(traces([record])).toMatchObject([
      { steps: ['a', 'b', 'c'], gold: { position: 1, labels: [1, -1, null] } },
    ]);
  });

  it('steps as objects, and as JSON in a cell', () => {
    expect(traces([{ question: 'q', steps: [{ text: 'a', score: 1 }, { text: 'b' }] }])).toMatchObject([
      { steps: ['a', 'b'], extra: { steps: [{ text: 'a', score: 1 }, { text: 'b' }] } },
    ]);
    expect(
      traces([{ question: 'q', steps: '["a", "b"]', is_correct: 'yes', first_error: '1.0' }]),
    ).toMatchObject([{ steps: ['a', 'b'], given: 'right' }]);
  });

  it('`answer` beside a text is the reference when the text does not hold it', () => {
    const [trace] = traces([
      { question: 'q', response: 'x\nThe answer is 5', answer: 'w #### 7', model: 'm' },
    ]);
    expect(trace).toMatchObject({ answer: '5', reference: '7', extra: { answer: 'w #### 7' } });
    expect(traces([{ question: 'q', response: 'so 5', answer: '5', target: '6' }])).toMatchObject([
      { answer: '5', reference: '6' },
    ]);
  });

  it('first errors counted from 1', () => {
    const records = [
      { question: 'q', steps: ['a', 'b'], error_steps: [] },
      { question: 'q', steps: ['a', 'b'], error_steps: [2] },
    ];
    expect(traces(records).map((t) => t.gold?.position)).toEqual([-1, 1]);
  });
});

const FIELDS = {
  reader: 'fields',
  prompt: 'q',
  steps: { path: 's', split: 'array' },
  task: { constant: 't' },
  model: { path: 'm' },
  source: 's',
} as const;
const one = (mapping: object, record: { [key: string]: JsonValue }) =>
  mapRecord(Mapping.parse({ ...FIELDS, ...mapping }), { q: 'q', s: ['a', 'b', 'c'], ...record }, 'f')[0];

describe('generic mapping', () => {
  it.each([
    ['correct', 'right'],
    ['PASS', 'right'],
    [1, 'right'],
    ['true', 'right'],
    ['Incorrect', 'wrong'],
    ['0', 'wrong'],
    [false, 'wrong'],
    ['maybe', null],
    [null, null],
  ])('[I25] outcome %j is %j', (value, given) => {
    expect(one({ given: 'ok' }, { ok: value })?.given).toBe(given);
  });

  it.each([
    [0, 2, 2],
    [1, '3', 2],
    [1, '2.0', 1],
    [0, -1, -1],
    [0, '-1', -1],
    [0, '', -1],
    [1, 'n/a', -1],
    [1, null, -1],
    [1, [3, 2], 1],
  ])('[I11] counted from %i, first error %j stands at %i', (base, value, position) => {
    expect(one({ firstError: { path: 'e', base } }, { e: value })?.gold?.position).toBe(position);
  });

  it('[I11] a first error outside of the trace is rejected, not moved', () => {
    expect(() => one({ firstError: { path: 'e', base: 1 } }, { e: 0 })).toThrow('counted from 1');
    expect(() => one({ firstError: { path: 'e' } }, { e: 3 })).toThrow('has 3 steps counted from 0');
    expect(() => one({ firstError: { path: 'e' } }, { e: 'two' })).toThrow('is "two"');
  });

  it('[I26] labels of steps: the first bad one is the first error; without a bad one all must be labelled to be clean', () => {
    const gold = (l: JsonValue, more = {}) => one({ stepLabels: { path: 'l', ...more } }, { l })?.gold;
    expect(gold([1, 0, -1])).toEqual({ position: 2, labels: [1, 0, -1] });
    expect(gold([true, false])).toEqual({ position: 1, labels: [1, -1, null] });
    expect(gold(['+', '-', '1'])).toEqual({ position: 1, labels: [1, -1, 1] });
    expect(gold([1, 0, 1], { zero: 'bad' })).toEqual({ position: 1, labels: [1, -1, 1] });
    expect(gold([1, 1, 1])).toEqual({ position: -1, labels: [1, 1, 1] });
    expect(gold([1, null, 1])).toBeUndefined();
    expect(gold(null)).toBeUndefined();
    expect(() => gold([1, 1, 1, 1])).toThrow('4 labels');
    expect(() => gold([3])).toThrow('label 3');
  });

  it.each([
    ['hashes', 'a\n#### 7 ', '7'],
    ['boxed', 'x \\boxed{1} y \\boxed{\\frac{a}{b}} z', '\\frac{a}{b}'],
    ['boxed', 'x \\boxed{1', null],
    ['the-answer-is', 'The answer is 3.5. Or: the final **answer is** $18.', '$18'],
    ['the-answer-is', 'Therefore, the answer is $x = 2$.', 'x = 2'],
    ['answer-line', 'A: 1\nb\n**Answer:** 12 apples\nend', '12 apples'],
    ['last-line', 'a\n 42 \n', '42'],
    ['hashes', 'none', null],
  ])('[I27] the answer at %s of %j is %j', (answerFrom, text, answer) => {
    expect(one({ steps: { path: 's', split: 'none' }, answerFrom }, { s: text })?.answer).toBe(answer);
  });

  it('[I27] finding an answer takes time linear in the text', () => {
    const nasty = [
      '\\boxed{'.repeat(150_000),
      'answer is '.repeat(100_000),
      '#### '.repeat(200_000),
      'A:\n*'.repeat(200_000),
    ];
    const began = performance.now();
    for (const text of nasty)
      for (const answerFrom of ['hashes', 'boxed', 'the-answer-is', 'answer-line', 'last-line'])
        one({ steps: { path: 's', split: 'none' }, answerFrom }, { s: text });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('[I9] numbered steps: whatever marks the number, and no number inside a line or before a point', () => {
    const numbered = (s: string) => one({ steps: { path: 's', split: 'numbered' } }, { s })?.steps;
    expect(numbered('### Step 1\na\n\n### Step 2\nb')).toEqual(['### Step 1\na', '### Step 2\nb']);
    expect(numbered('1. a\n2) b\n3.5 is it\n**Step 3:** c')).toEqual([
      '1. a',
      '2) b\n3.5 is it',
      '**Step 3:** c',
    ]);
  });
});
