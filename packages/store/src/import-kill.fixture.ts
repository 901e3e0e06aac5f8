import type { IngestTrace } from '@flywheel/domain/ingest';

/** Records of a batch. */
export const BATCH = 200;

/** Record `n`, with words that only it, its batch of 200, or every third record has. */
export const numbered = (n: number): IngestTrace => ({
  id: n.toString(16).padStart(16, '0'),
  problemId: (1_000_000 + Math.floor(n / 7)).toString(16).padStart(16, '0'),
  task: 'kill',
  prompt: `Problem ask${Math.floor(n / 7)}`,
  reference: null,
  model: `m${n % 3}`,
  source: 'kill',
  given: null,
  answer: String(n),
  steps: [`only${n} batch${Math.floor(n / BATCH)} third${n % 3}`, 'and everyone'],
  extra: {},
  ...(n % 50 === 0 ? { gold: { position: -1, labels: [1, 1], rationale: `gold${n}` } } : {}),
});

/** What the child's judge says of record `n`. */
export const said = (n: number): string => `verdict${n}`;
