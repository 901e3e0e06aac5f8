import { JudgeId } from '@flywheel/domain/ids';
import { Judgement, type StepLabel } from '@flywheel/domain/judgement';
import type { StepLabelConfig } from '@flywheel/domain/local-run';
import { compareAnswers } from '@flywheel/judges/final-answer';
import { fingerprint } from '@flywheel/runs/fingerprint';
import type { LocalWork } from '@flywheel/runs/local/local-ports';
import { beginningOf, promptOf } from './prompts.ts';
import { failedTask, strangeAnswer } from './work-parts.ts';
import { answerIn } from './written-trace.ts';

/** The judge under which a model's step labels stand. */
export const stepJudge = (config: Pick<StepLabelConfig, 'model' | 'estimate'>): JudgeId =>
  JudgeId.parse(`local:rollouts-${config.estimate}-${config.model}`.slice(0, 80));

/** Whether a step is good, by how many of its samples came to the right answer (see {@link StepLabelConfig}). */
const labelOf = (config: StepLabelConfig, right: number, n: number): StepLabel =>
  (config.estimate === 'hard' ? right > 0 : right / n >= config.bound) ? 1 : -1;

/**
 * Labels steps by whether the right answer can still be reached behind them: from the end of each step the model goes on
 * several times, and its answers are compared with the reference (Math-Shepherd, arXiv 2312.08935, section 3.3).
 */
export const stepLabelWork = (config: StepLabelConfig): LocalWork => ({
  executor: config.executor,
  task: (trace) =>
    trace.reference === null || trace.steps.length === 0
      ? null
      : {
          kind: 'generate',
          prompt: promptOf(config.frame, trace.prompt),
          prefixes: trace.steps.map((_, i) => beginningOf(trace.steps, i + 1)),
          n: config.n,
          sampling: config.sampling,
          maxTokens: config.maxTokens,
          stop: config.stop,
          seed: config.seed,
        },
  result: (item, trace, answer, ranOn) => {
    if (answer.kind !== 'generate') return failedTask(item, strangeAnswer(answer));
    const { reference, steps } = trace;
    if (reference === null) return failedTask(item, 'The problem has no reference answer to be reached.');
    const right = steps.map(() => 0);
    for (const { prefix, text } of answer.samples) {
      const found = answerIn(beginningOf(steps, prefix + 1) + text);
      if (found !== null && compareAnswers(found, reference).equal) right[prefix] = (right[prefix] ?? 0) + 1;
    }
    const labels = right.map((hits) => labelOf(config, hits, config.n));
    const firstError = labels.indexOf(-1);
    return {
      seq: item.seq,
      repetition: item.repetition,
      state: 'done',
      local: {
        ranOn,
        promptTokens: answer.promptTokens,
        writtenTokens: answer.samples.reduce((sum, s) => sum + s.tokens, 0),
      },
      judgement: Judgement.parse({
        trace: trace.id,
        judge: stepJudge(config),
        scope: 'steps',
        verdict: firstError < 0 ? 'clean' : 'flawed',
        firstError: firstError < 0 ? null : firstError,
        labels,
        category: null,
        confidence: null,
        rationale: right
          .map((hits, i) => `[S${i}] ${hits} of ${config.n} samples reach ${reference}.`)
          .join(' '),
        evidence: [],
        version: versionOf(config),
        imported: false,
        at: Date.now(),
      }),
    };
  },
});

/** What decides about the labels; where it runs does not. */
const versionOf = ({ executor: _executor, ...rest }: StepLabelConfig): string => fingerprint({ ...rest });
