import { expect, test } from 'vitest';
import { reflect } from './reflection.ts';

const asked = (prompt: string): string =>
  `Improve this prompt:\n\`\`\`jinja\n${prompt}\n\`\`\`\nIt failed on these.`;

test('[L16] a reflection adds the first advice that the fenced prompt lacks, until it has all', () => {
  const advice = ['Check every sum.', 'Mind the units.'];
  const first = reflect(asked('Find the error.'), advice);
  expect(first).toBe('```\nFind the error.\nCheck every sum.\n```');
  expect(reflect(asked('Find the error.\nCheck every sum.'), advice)).toContain('sum.\nMind the units.\n');
  expect(reflect(asked('Check every sum. Mind the units.'), advice)).toBe(
    '```\nCheck every sum. Mind the units.\n```',
  );
});

test('[L16] a longer fence may hold a shorter one, and no fence is an error that says so', () => {
  expect(reflect('````\nGive ```json\n{}\n```\n````', ['More.'])).toBe(
    '````\nGive ```json\n{}\n```\nMore.\n````',
  );
  expect(() => reflect('no fence here', ['More.'])).toThrow('has no code fence');
});
