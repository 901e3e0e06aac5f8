import { type Category, categoryLabel } from '@flywheel/domain/category';
import type { ItemCause } from '@flywheel/domain/critique';
import { decodePosition } from '@flywheel/domain/judgement';
import { traceLink } from '../../app/links.ts';

/** What an answer came to in a few words: `first error S2, arithmetic slip, 0.84`, `clean, 0.93`, or why it failed. */
export const verdictText = (answer: {
  position: number | null;
  category: Category | null;
  confidence: number | null;
  cause: ItemCause | null;
  error: string | null;
}): string => {
  if (answer.position === null) return `${causeText(answer.cause)}: ${answer.error ?? ''}`;
  const at = decodePosition(answer.position);
  const words = [at === 'clean' ? 'clean' : at === 'unlocated' ? 'flawed' : `first error S${at}`];
  if (answer.category) words.push(categoryLabel(answer.category));
  if (answer.confidence !== null) words.push(answer.confidence.toFixed(2));
  return words.join(', ');
};

const CAUSES: Readonly<Record<ItemCause, string>> = {
  'rate-limited': 'the rate is limited',
  overloaded: 'the server is overloaded',
  'server-error': 'the server failed',
  timeout: 'it took too long',
  network: 'the connection broke',
  'bad-response': 'the answer was not of its protocol',
  'wrong-key': 'the key was refused',
  'no-such-model': 'there is no such model',
  'context-too-long': 'the context is too long',
  quota: 'the quota is used up',
  'refused-request': 'the request was refused',
  'blocked-address': 'the address is blocked',
  parse: 'the answer did not parse',
  template: 'the template could not be rendered',
  'trace-gone': 'the trace is gone',
  'judge-error': 'the judge failed',
};

export const causeText = (cause: ItemCause | null): string => (cause === null ? 'failed' : CAUSES[cause]);

/** The step that an answer is about: the first error, else the first that its rationale cites as `[S3]`; null where it names none. */
export const citedStep = (answer: { position: number | null; rationale?: string }): number | null => {
  if (answer.position !== null && answer.position >= 0) return answer.position;
  const cited = /\[S(\d{1,4})\]/.exec(answer.rationale ?? '')?.[1];
  return cited === undefined ? null : Number(cited);
};

/** The trace that an answer is about, opened at the step that it cites. */
export const answerLink = (answer: { trace: string; position: number | null; rationale?: string }): string =>
  traceLink(answer.trace, citedStep(answer));
