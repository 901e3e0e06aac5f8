import { type Figures, printedNumber } from './metric.ts';
import { parsePythonJson } from './python-json.ts';

/** What `trainer_state.json` calls each figure (transformers, trainer_callback.py, `TrainerState.log_history`). */
const NAMES = {
  step: 'step',
  epoch: 'epoch',
  loss: 'loss',
  learningRate: 'learning_rate',
  evalLoss: 'eval_loss',
  tokens: 'num_tokens',
} as const;

/**
 * The figures of a `trainer_state.json`, in its order; `max_steps` comes with the last. TRL counts `num_tokens`.
 *
 * @throws SyntaxError when the text is no JSON object: the trainer may be writing it right now
 */
export const trainerStateFigures = (text: string): Figures[] => {
  const state = parsePythonJson(text);
  if (typeof state !== 'object' || state === null) throw new SyntaxError('no JSON object');
  const { log_history: history, max_steps, global_step } = state as Record<string, unknown>;
  const entries = Array.isArray(history) ? history : [];
  const figures = entries.flatMap((entry: unknown): Figures[] => {
    if (typeof entry !== 'object' || entry === null) return [];
    const found: Figures = {};
    for (const [name, key] of Object.entries(NAMES)) {
      const value = printedNumber((entry as Record<string, unknown>)[key]);
      if (value !== undefined) found[name as keyof typeof NAMES] = value;
    }
    return [found];
  });
  const [step, totalSteps] = [printedNumber(global_step), printedNumber(max_steps)];
  if (totalSteps !== undefined && totalSteps > 0)
    figures.push(step === undefined ? { totalSteps } : { step, totalSteps });
  return figures;
};
