import type { TraceDetail } from '@flywheel/domain/trace';
import { expect, it } from 'vitest';
import { confirmable, confirmation } from './confirmation.ts';

const detail = (firstError: number | null, flawKind: 'verifier' | 'human' | null) =>
  ({
    row: { id: '0123456789abcdef', firstError, flawKind, category: 'arithmetic', flagged: true },
    steps: ['a', 'b', 'c'],
  }) as unknown as TraceDetail;
const ID = '3f0c6d3e-92b1-4c4a-9b5e-000000000001';

it('[SA10] a confirmation carries the place and the category, and looks at no later step', () => {
  expect(confirmation(detail(1, 'verifier'), 'ada', ID, 5)).toMatchObject({
    action: 'commit',
    firstError: 1,
    labels: [1, -1, null],
    category: 'arithmetic',
    flagged: true,
    blind: false,
  });
  expect(confirmation(detail(-1, 'verifier'), 'ada', ID, 5)).toMatchObject({
    firstError: null,
    labels: [1, 1, 1],
    category: null,
  });
});

it('[SA10] only what a program or model located can be confirmed', () => {
  expect(confirmable(detail(1, 'verifier'))).toBe('S1');
  expect(confirmable(detail(-1, 'verifier'))).toBe('clean');
  expect(confirmable(detail(1, 'human'))).toBeNull();
  expect(confirmable(detail(-2, 'verifier'))).toBeNull();
  expect(confirmable(detail(null, null))).toBeNull();
});
