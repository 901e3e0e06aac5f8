import type { Candidate, Search } from '@flywheel/domain/improve';
import { expect, it } from 'vitest';
import { bestSoFar } from './search-plot.tsx';
import { shareText } from './share-bar.tsx';

const candidate = (id: number, f1: number | null, atCall: number) => ({ id, f1, atCall }) as Candidate;

it('the best so far only rises, ends at the last question, and leaves out what has no F1', () => {
  const search = (candidates: Candidate[]): Search => ({ candidates, proposals: [], best: 0, calls: 90 });
  const points = bestSoFar(search([candidate(0, 0.2, 30), candidate(1, 0.1, 60), candidate(2, 0.5, 80)]));
  expect(points).toEqual([
    { call: 30, f1: 0.2 },
    { call: 80, f1: 0.5 },
    { call: 90, f1: 0.5 },
  ]);
  expect(bestSoFar(search([candidate(0, null, 30)]))).toEqual([]);
});

it('a share is shown with its interval, or a dash', () => {
  expect(shareText(0.833, [0.71, 0.914])).toBe('83 % (71 to 91)');
  expect(shareText(null, null)).toBe('–');
});
