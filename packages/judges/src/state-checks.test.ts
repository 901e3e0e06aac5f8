import { describe, expect, it } from 'vitest';
import { dyck } from './dyck.ts';
import { shuffledObjects } from './shuffled-objects.ts';
import { trace } from './trace.fixture.ts';

describe('dyck', () => {
  const judge = (prompt: string, ...steps: string[]) => dyck.judge(trace(steps, { prompt }));
  const good = ['stack: empty', '[ ; stack: [', '{ ; stack: [ {', '} ; stack: [', '< ; stack: [ <'];
  const end = [
    'The final stack is "[ <".',
    'We will need to pop out "<", "["',
    'So, we need ">", "]". So the answer is > ]',
  ];

  it('[V16] follows the stack to the end', () => {
    expect(judge('[ { } <', ...good, ...end)).toMatchObject({
      verdict: 'clean',
      labels: [null, 1, 1, 1, 1, 1, 1, 1],
    });
    expect(judge('Complete the sequence.\nInput: [ { } <', ...good, ...end)?.verdict).toBe('clean');
    expect(
      judge(
        '< < [',
        '< ; stack: <',
        '< ; stack: < <',
        '[ ; stack: < < [',
        'pop out "[", then "<" twice. So the answer is ] > >',
      )?.verdict,
    ).toBe('clean');
  });

  it.each([
    ['a wrong stack', [...good.slice(0, 3), '} ; stack: [ {'], 3, 'operation', '['],
    ['a symbol that is not the next', [...good.slice(0, 2), '( ; stack: [ ('], 2, 'operand', '{'],
    ['a symbol left out', [...good.slice(0, 2), '} ; stack: ['], 2, 'skipped', '{'],
    ['a symbol too many', [...good, '> ; stack: ['], 5, 'unsupported', 'end of input'],
    [
      'an end too early',
      [...good.slice(0, 4), 'Now, we have reached the end. The final stack is "[".'],
      4,
      'skipped',
      '<',
    ],
    ['another final stack', [...good, 'The final stack is "[".'], 5, 'contradiction', '[ <'],
    [
      'the wrong order',
      [...good, 'The final stack is "[ <".', 'pop out "[", "<"'],
      6,
      'contradiction',
      '< [',
    ],
    ['a wrong answer', [...good, 'So the answer is ] >'], 5, 'contradiction', '> ]'],
  ])('[V16] finds %s', (_, steps, firstError, category, expected) => {
    const verdict = judge('[ { } <', ...steps);
    expect(verdict).toMatchObject({ verdict: 'flawed', firstError, category });
    expect(verdict?.evidence.at(-1)).toMatchObject({ ok: false, expected, step: firstError });
  });

  it('[V16] does not apply to other prompts, broken sequences, or traces that stop before the end', () => {
    expect(judge('How many ( are there?', ...good)).toBeNull();
    expect(judge('[ }', ...good)).toBeNull();
    expect(judge('[ { } <', ...good)).toBeNull();
  });
});

describe('shuffled-objects', () => {
  const prompt =
    'Alice, Bob, and Claire trade books: Alice gets The Great Gatsby, Bob gets Ulysses, and Claire gets Catch-22.\n' +
    'First, Alice and Claire swap books. Finally, Bob and Alice swap books. At the end of the semester, Alice has\n' +
    'Options:\n(A) The Great Gatsby.\n(B) Ulysses.\n(C) Catch-22.';
  const judge = (...steps: string[]) => shuffledObjects.judge(trace(steps, { prompt }));
  const start = 'At the start: Alice: Gatsby, Bob: Ulysses, Claire: Catch.';
  const first = 'Alice and Claire swap: Alice: Catch-22, Bob: Ulysses, Claire: The Great Gatsby.';
  const last = 'Bob and Alice swap: Alice: Ulysses, Bob: Catch-22, Claire: The Great Gatsby.';

  it.each([
    [
      'in sentences',
      [start, first, last, 'At the end of the semester, Alice has Ulysses. So the answer is (B)'],
    ],
    [
      'by initials, without a word of swapping',
      [
        'A: gatsby, B: ulysses, C: catch-22',
        'A: catch-22, B: ulysses, C: gatsby',
        'B: catch-22, A: ulysses So the answer is (B)',
      ],
    ],
    ['from the first swap on', ['Alice: Catch-22, Claire: Gatsby', last, 'So the answer is (B)']],
    [
      'with all swaps in one step',
      [
        'Alice has Gatsby and Bob has Ulysses.',
        'Alice and Claire swap books, Bob and Alice swap books.',
        'Alice has Ulysses.',
      ],
    ],
  ])('[V17] follows the swaps, told %s', (_, steps) => {
    expect(judge(...steps)).toMatchObject({ verdict: 'clean', firstError: null });
  });

  it.each([
    ['a wrong start', ['At the start: Alice: Ulysses, Bob: Ulysses, Claire: Catch-22.'], 0, 'operand'],
    ['a swap that is not the next', [start, 'Bob and Claire swap: Alice: Gatsby'], 1, 'misread'],
    [
      'a swap that does nothing',
      [start, 'Alice and Claire swap: Alice: Gatsby, Bob: Ulysses, Claire: Catch-22.'],
      1,
      'operation',
    ],
    [
      'a change outside the swap',
      [start, 'Alice and Claire swap: Alice: Catch-22, Bob: Gatsby'],
      1,
      'operand',
    ],
    ['a thing that nobody has', [start, 'Alice and Claire swap: Alice: Dracula'], 1, 'unsupported'],
    ['a swap left out', [start, first, 'So the answer is (C)'], 2, 'skipped'],
    ['a wrong option', [start, first, last, 'So the answer is (A)'], 3, 'contradiction'],
  ])('[V17] finds %s', (_, steps, firstError, category) => {
    expect(judge(...steps)).toMatchObject({ verdict: 'flawed', firstError, category });
  });

  it('[V17] does not apply to other prompts or to traces that leave swaps out and say nothing false', () => {
    expect(shuffledObjects.judge(trace([start]))).toBeNull();
    expect(judge(start, first)).toBeNull();
  });
});
