import type { ParsedAnswer, RunSpend } from '@flywheel/domain/critique';
import { encodePosition, type Judgement, position, type StepLabel } from '@flywheel/domain/judgement';
import type { ItemResult, RunItem } from '@flywheel/domain/run-item';
import type { RunLive } from '@flywheel/domain/run-live';
import type { TraceText } from '@flywheel/domain/trace';
import type { Asked, CallFailed, Critique } from './critique-ports.ts';

/** What an answer makes of its item: a verdict, or a parse failure that keeps the answer. Never a verdict from neither. */
export const resultOf = (
  item: RunItem,
  trace: TraceText,
  critique: Pick<Critique, 'judge' | 'version'>,
  asked: Asked,
  parsed: ParsedAnswer,
  at: number,
): ItemResult => {
  const { answer, key, cached, attempts, queueMs, cost } = asked;
  const where = parsed.ok
    ? position({ verdict: parsed.firstError === null ? 'clean' : 'flawed', firstError: parsed.firstError })
    : null;
  const figures = {
    key,
    position: where === null ? null : encodePosition(where),
    category: parsed.ok ? parsed.category : null,
    confidence: parsed.ok ? parsed.confidence : null,
    rationale: parsed.ok ? parsed.rationale : '',
    cached,
    inputTokens: answer.usage.input,
    outputTokens: answer.usage.output,
    cost: cached ? 0 : cost,
    modelMs: answer.modelMs,
    queueMs,
    attempts,
  };
  const { seq, repetition } = item;
  if (!parsed.ok)
    return {
      seq,
      repetition,
      state: 'failed',
      cause: 'parse',
      error: parsed.detail,
      detail: { reason: parsed.reason, raw: answer.text },
      answer: figures,
    };
  const judgement: Judgement = {
    trace: trace.id,
    judge: critique.judge,
    scope: 'steps',
    verdict: parsed.firstError === null ? 'clean' : 'flawed',
    firstError: parsed.firstError,
    labels: labelsOf(parsed.firstError, trace.steps.length),
    category: parsed.category,
    confidence: parsed.confidence,
    rationale: parsed.rationale,
    evidence: [],
    version: critique.version,
    imported: false,
    at,
  };
  // Further repetitions show the noise; they do not speak for the trace.
  return {
    seq,
    repetition,
    state: 'done',
    answer: figures,
    ...(repetition === 0 ? { judgement } : {}),
  };
};

/** Who names the first error has found the steps before it good, and has not said anything of those behind it. */
const labelsOf = (firstError: number | null, steps: number): (StepLabel | null)[] =>
  Array.from({ length: steps }, (_, i) => {
    if (firstError === null || i < firstError) return 1;
    return i === firstError ? -1 : null;
  });

export const callFailure = (item: RunItem, error: CallFailed): ItemResult => ({
  seq: item.seq,
  repetition: item.repetition,
  state: 'failed',
  cause: error.itemCause,
  error: error.message,
  detail: { ...error.detail, attempts: error.attempts },
});

/** Adds what one result used. A call that failed is counted by its tries; what it cost is not known. */
export const addSpend = (spend: RunSpend, result: ItemResult): RunSpend => {
  const { answer } = result;
  const tried = Number(result.detail?.attempts ?? 0);
  if (!answer) return { ...spend, calls: spend.calls + tried };
  if (answer.cached) return { ...spend, cached: spend.cached + 1, parseFailures: failures(spend, result) };
  return {
    calls: spend.calls + answer.attempts,
    cached: spend.cached,
    parseFailures: failures(spend, result),
    inputTokens: spend.inputTokens + answer.inputTokens,
    outputTokens: spend.outputTokens + answer.outputTokens,
    cost: answer.cost === null ? spend.cost : (spend.cost ?? 0) + answer.cost,
  };
};

const failures = (spend: RunSpend, result: ItemResult): number =>
  spend.parseFailures + (result.cause === 'parse' ? 1 : 0);

/** A result as whoever watches the run sees it. */
export const liveItem = (result: ItemResult, trace: TraceText, at: number): RunLive => ({
  type: 'item',
  at,
  trace: trace.id,
  repetition: result.repetition,
  state: result.state === 'done' ? 'done' : 'failed',
  position: result.answer?.position ?? null,
  category: result.answer?.category ?? null,
  confidence: result.answer?.confidence ?? null,
  cause: result.cause ?? null,
  error: result.error ?? null,
  cached: result.answer?.cached ?? false,
  modelMs: result.answer?.modelMs ?? 0,
  attempts: result.answer?.attempts ?? Number(result.detail?.attempts ?? 0),
});
