import { encodePosition } from '@flywheel/domain/judgement';
import type { JsonValue } from '@flywheel/domain/trace';
import { type DraftTrace, RecordError } from './draft.ts';
import { asText, at, isRecord, type JsonRecord, unmapped } from './fields.ts';

interface RatedStep {
  text: string;
  rating: 1 | 0 | -1 | null;
}

const ratingOf = (v: JsonValue | undefined): 1 | 0 | -1 | null => (v === 1 || v === 0 || v === -1 ? v : null);

/** The completion that was taken at a step: the chosen one, the human's, else the first that was rated. */
const taken = (step: JsonValue): RatedStep | null => {
  if (!isRecord(step)) return null;
  const completions = Array.isArray(step.completions) ? step.completions : [];
  const chosen = typeof step.chosen_completion === 'number' ? completions[step.chosen_completion] : undefined;
  const human = step.human_completion;
  const found = chosen ?? (isRecord(human) ? human : completions[0]);
  if (!isRecord(found) || typeof found.text !== 'string') return null;
  return { text: found.text, rating: found === human ? 1 : ratingOf(found.rating) };
};

/** openai/prm800k: ratings a step in -1, 0, +1 (Lightman et al. 2023, arXiv 2305.20050); the first -1 is the first error. */
export const readPrm800k = (record: JsonRecord): DraftTrace[] => {
  const prompt = asText(at(record, 'question.problem'));
  const rated = at(record, 'label.steps');
  if (prompt === null) throw new RecordError('`question.problem` is missing');
  if (!Array.isArray(rated)) throw new RecordError('`label.steps` is not an array');
  const steps = rated.flatMap((s) => taken(s) ?? []);
  if (steps.length === 0) throw new RecordError('`label.steps` has no completion');
  const labels = steps.map((s) => s.rating);
  const first = labels.indexOf(-1);
  const judged = labels.some((l) => l !== null);
  const position =
    first >= 0 ? first : at(record, 'label.finish_reason') === 'solution' ? ('clean' as const) : null;
  return [
    {
      task: 'prm800k',
      prompt,
      reference: asText(at(record, 'question.ground_truth_answer')),
      model: asText(record.generation) ?? 'prm800k',
      source: 'prm800k',
      given: null,
      answer: asText(at(record, 'question.pre_generated_answer')),
      steps: steps.map((s) => s.text),
      extra: unmapped(record, new Set(['question', 'generation'])),
      ...(judged && position !== null && { gold: { position: encodePosition(position), labels } }),
    },
  ];
};
