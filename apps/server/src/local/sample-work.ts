import type { SampleConfig, SampleFrom } from '@flywheel/domain/local-run';
import type { SampledTrace } from '@flywheel/domain/run-item';
import type { TraceText } from '@flywheel/domain/trace';
import type { LocalWork } from '@flywheel/runs/local/local-ports';
import { beginningOf, promptOf } from './prompts.ts';
import { failedTask, strangeAnswer } from './work-parts.ts';
import { agreementAmong, outcomeJudgement, writtenTrace } from './written-trace.ts';

/** Seeds of items lie far apart, so that no two draw alike. */
const SEED_STEP = 7_919;

/** How many steps of a trace its samples keep; null: there is nothing to go on from. */
const keptSteps = (
  from: SampleFrom,
  trace: TraceText,
  flawAt: (seq: number) => number | null,
): number | null => {
  switch (from.kind) {
    case 'start':
      return 0;
    case 'step':
      return from.step <= trace.steps.length ? from.step : null;
    case 'flaw':
      return flawAt(trace.seq);
  }
};

/**
 * What a model says when it is asked again, from the start or from behind a trace's first steps. Each sample becomes a trace of
 * its own with its outcome, linked to the one that it was asked for.
 *
 * @param flawAt the step at which a trace's first error stands; null where it has none
 */
export const sampleWork = (
  config: SampleConfig,
  run: number,
  flawAt: (seq: number) => number | null,
): LocalWork => ({
  executor: config.executor,
  task: (trace) => {
    const kept = keptSteps(config.from, trace, flawAt);
    if (kept === null) return null;
    return {
      kind: 'generate',
      prompt: promptOf(config.frame, trace.prompt),
      prefixes: [beginningOf(trace.steps, kept)],
      n: config.n,
      sampling: config.sampling,
      maxTokens: config.maxTokens,
      stop: config.stop,
      seed: (config.seed + trace.seq * SEED_STEP) % 2 ** 31,
    };
  },
  result: (item, asked, answer, ranOn) => {
    if (answer.kind !== 'generate') return failedTask(item, strangeAnswer(answer));
    const step = keptSteps(config.from, asked, flawAt) ?? 0;
    const kind = config.from.kind === 'start' ? ('sample' as const) : ('fork' as const);
    const traces = answer.samples.map(({ text, sample, tokens, logprob, finish }) =>
      writtenTrace(beginningOf(asked.steps, step) + text, {
        asked,
        model: config.model,
        run,
        number: sample,
        extra: {
          sample,
          tokens,
          logprob: Math.round(logprob * 1_000) / 1_000,
          finish,
          temperature: config.sampling.temperature,
          top_p: config.sampling.topP,
          seed: config.seed,
          precision: config.precision,
          backend: ranOn.backend,
          ...(kind === 'fork' ? { forked_from: asked.id, steps_kept: step } : {}),
        },
      }),
    );
    const answers = traces.map((t) => t.answer);
    const samples = traces.map(
      (trace, i): SampledTrace => ({
        trace,
        link: { kind, sample: answer.samples[i]?.sample ?? i, step },
        judgement: outcomeJudgement(trace),
        agreement: agreementAmong(answers, trace.answer),
      }),
    );
    return {
      seq: item.seq,
      repetition: item.repetition,
      state: 'done',
      local: {
        ranOn,
        promptTokens: answer.promptTokens,
        writtenTokens: answer.samples.reduce((sum, s) => sum + s.tokens, 0),
        samples,
        // A fork keeps steps of the trace: how often it comes to the same says nothing of the model alone.
        agreement: kind === 'sample' ? agreementAmong(answers, asked.answer) : null,
      },
    };
  },
});
