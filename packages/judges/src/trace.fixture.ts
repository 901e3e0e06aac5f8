import { ProblemId, TraceId } from '@flywheel/domain/ids';
import type { TraceText } from '@flywheel/domain/trace';

/** A trace for tests: the given steps, and whatever else matters to the test. */
export const trace = (steps: string[], rest: Partial<TraceText> = {}): TraceText => ({
  seq: 0,
  id: TraceId.parse('0'.repeat(16)),
  problem: ProblemId.parse('0'.repeat(16)),
  task: 't',
  model: 'm',
  prompt: '',
  reference: '1',
  answer: '1',
  given: null,
  steps,
  ...rest,
});
