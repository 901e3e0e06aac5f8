import type { ScoreConfig } from '@flywheel/domain/local-run';
import type { LocalWork } from '@flywheel/runs/local/local-ports';
import { asPieces, promptOf } from './prompts.ts';
import { failedTask, strangeAnswer } from './work-parts.ts';

/** How surprised a model is by the steps of traces, given their problem. */
export const scoreWork = (config: ScoreConfig): LocalWork => ({
  executor: config.executor,
  task: (trace) =>
    trace.steps.length === 0
      ? null
      : { kind: 'score', prompt: promptOf(config.frame, trace.prompt), pieces: asPieces(trace.steps) },
  result: (item, trace, answer, ranOn) => {
    if (answer.kind !== 'score') return failedTask(item, strangeAnswer(answer));
    if (answer.pieces.length !== trace.steps.length)
      return failedTask(item, `${answer.pieces.length} steps were scored of ${trace.steps.length}.`);
    const { promptTokens, pieces } = answer;
    return {
      seq: item.seq,
      repetition: item.repetition,
      state: 'done',
      local: { ranOn, promptTokens, steps: pieces },
    };
  },
});
