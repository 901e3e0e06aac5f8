import { type DraftTrace, RecordError } from './draft.ts';
import type { JsonRecord } from './fields.ts';
import { asText, isRecord, unmapped } from './fields.ts';

const ANSWER = /(?:^|\n)A: ?([^\n]*)$/;
const answerOf = (solution: string): string | null => ANSWER.exec(solution.trimEnd())?.[1]?.trim() ?? null;

/**
 * openai/grade-school-math `example_model_solutions.jsonl`: question, ground_truth, and a solution a model.
 * All lines of the solution are steps, the last one (`A: 18`) too: it is what the model wrote.
 */
export const readGsm8kSolutions = (record: JsonRecord): DraftTrace[] => {
  const prompt = asText(record.question);
  if (prompt === null) throw new RecordError('`question` is missing');
  const solutions = Object.entries(record).filter(([, v]) => isRecord(v) && typeof v.solution === 'string');
  if (solutions.length === 0) throw new RecordError('no field holds an object with `solution`');
  const extra = unmapped(record, new Set(['question', 'ground_truth', ...solutions.map(([model]) => model)]));
  const truth = asText(record.ground_truth);
  return solutions.map(([model, value]) => {
    const { solution, is_correct } = value as { solution: string; is_correct?: unknown };
    return {
      task: 'gsm8k',
      prompt,
      reference: truth === null ? null : (answerOf(truth) ?? truth),
      model,
      source: 'gsm8k-solutions',
      given: typeof is_correct === 'boolean' ? (is_correct ? 'right' : 'wrong') : null,
      answer: answerOf(solution),
      steps: solution.split('\n'),
      extra: truth === null ? extra : { ...extra, ground_truth: truth },
    };
  });
};
