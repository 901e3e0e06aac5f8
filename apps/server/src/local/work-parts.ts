import type { LocalAnswer } from '@flywheel/domain/local-task';
import type { ItemResult, RunItem } from '@flywheel/domain/run-item';

/** The result of an item whose task failed by itself. */
export const failedTask = (item: RunItem, message: string): ItemResult => ({
  seq: item.seq,
  repetition: item.repetition,
  state: 'failed',
  cause: 'judge-error',
  error: message,
});

/** An answer of another kind than was asked for: whoever gave it is not of this version. */
export const strangeAnswer = (answer: LocalAnswer): string =>
  answer.kind === 'failed'
    ? answer.message
    : `The worker gave an answer of kind "${answer.kind}", which was not asked for. Reload the tab.`;
