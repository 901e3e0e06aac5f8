import { expect, it } from 'vitest';
import { answerLink, causeText, citedStep, verdictText } from './answer-words.ts';

const done = { category: null, confidence: null, cause: null, error: null };

it('an answer in a few words', () => {
  expect(verdictText({ ...done, position: 2, category: 'arithmetic', confidence: 0.841 })).toBe(
    'first error S2, arithmetic slip, 0.84',
  );
  expect(verdictText({ ...done, position: -1, confidence: 0.9 })).toBe('clean, 0.90');
  expect(verdictText({ ...done, position: -2 })).toBe('flawed');
  expect(verdictText({ ...done, position: null, cause: 'parse', error: 'no JSON' })).toBe(
    `${causeText('parse')}: no JSON`,
  );
  expect(verdictText({ ...done, position: null })).toBe('failed: ');
});

it('an answer is about its first error, else about the first step that it cites', () => {
  expect(citedStep({ position: 4, rationale: 'See [S1].' })).toBe(4);
  expect(citedStep({ position: -1, rationale: 'Right up to [S12] and [S3].' })).toBe(12);
  expect(citedStep({ position: -1, rationale: 'All is well.' })).toBeNull();
  expect(citedStep({ position: null })).toBeNull();
});

it('its trace opens at that step', () => {
  expect(answerLink({ trace: 'b3f1', position: 0 })).toBe('/samples?q=id%3Ab3f1&trace=b3f1&step=0');
  expect(answerLink({ trace: 'b3f1', position: -1 })).toBe('/samples?q=id%3Ab3f1&trace=b3f1');
});
