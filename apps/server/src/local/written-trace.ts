import { hash } from 'node:crypto';
import { TraceId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import type { Judgement } from '@flywheel/domain/judgement';
import { vote } from '@flywheel/domain/metrics/pass-at-k';
import type { JsonValue, TraceText } from '@flywheel/domain/trace';
import { findAnswer } from '@flywheel/interchange/find-answer';
import { splitSteps } from '@flywheel/interchange/split-steps';
import { answerKey, finalAnswer } from '@flywheel/judges/final-answer';
import { judgementOf } from '../jobs/verifiers.ts';

/** Where models are asked to, or are used to, write their answer; the first place that has one counts. */
const PLACES = ['answer-line', 'hashes', 'boxed', 'the-answer-is'] as const;

/** The final answer that a text gives; null where it gives none. */
export const answerIn = (text: string): string | null => {
  for (const place of PLACES) {
    const answer = findAnswer(text, place);
    if (answer !== null) return answer;
  }
  return null;
};

/** A text that a model wrote, as a trace of its own; equal parts give an equal id, so that it arrives once. */
export const writtenTrace = (
  text: string,
  of: {
    asked: TraceText;
    model: string;
    run: number;
    /** Among all that the run writes for the asked trace. */
    number: number;
    extra: { [key: string]: JsonValue };
  },
): IngestTrace => {
  const { asked, model, run, number, extra } = of;
  return {
    id: hash('sha256', JSON.stringify(['written', run, asked.id, number]), 'hex').slice(0, 16),
    problemId: asked.problem,
    task: asked.task,
    prompt: asked.prompt,
    reference: asked.reference,
    model,
    source: `run-${run}`,
    given: null,
    answer: answerIn(text),
    steps: splitSteps(text, 'lines') ?? [],
    extra,
  };
};

/** Whether a written trace's answer is right; null where nobody knows the right one. */
export const outcomeJudgement = (trace: IngestTrace): Judgement | null => {
  const { id, problemId, given, ...rest } = trace;
  const text: TraceText = {
    ...rest,
    seq: 0,
    id: TraceId.parse(id),
    problem: problemId as TraceText['problem'],
    given,
  };
  const verdict = finalAnswer.judge(text);
  return verdict && judgementOf(finalAnswer, text, verdict);
};

/** Of each answer, the share of all that mean the same; null for none. */
export const agreementAmong = (answers: readonly (string | null)[], of: string | null): number | null => {
  if (of === null || answers.length === 0) return null;
  const key = answerKey(of);
  return answers.filter((a) => a !== null && answerKey(a) === key).length / answers.length;
};

export const votesOf = (answers: readonly (string | null)[]) => vote(answers, answerKey);
