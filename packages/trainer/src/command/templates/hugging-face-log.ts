import type { Extractor } from '../command-trainer.ts';

const figure = (name: string, key: string): Extractor => ({
  kind: 'regex',
  pattern: `^\\{.*'${key}': '?(?<${name}>[^',}\\s]+)`,
});

/**
 * What Hugging Face's Trainer says: its progress bar has the steps, a line in Python's notation the figures
 * (`{'loss': '10.79', 'learning_rate': '1.142e-05', 'num_tokens': '1482', 'epoch': '0.7'}`, quotes from transformers 5
 * on), and `trainer_state.json` all of it with each checkpoint.
 */
export const HUGGING_FACE_LOG: Extractor[] = [
  { kind: 'regex', pattern: '^\\s*\\d+%\\|[^|]*\\| *(?<step>\\d+)/(?<totalSteps>\\d+) \\[' },
  figure('loss', 'loss'),
  figure('evalLoss', 'eval_loss'),
  figure('learningRate', 'learning_rate'),
  figure('tokens', 'num_tokens'),
  figure('epoch', 'epoch'),
  { kind: 'trainer-state' },
];

/** Lines come as they are printed, not by the block. */
export const PYTHON_ENV = { PYTHONUNBUFFERED: '1' };

/** Of a whole model; an adapter leaves `adapter_model.safetensors` and `adapter_config.json`. */
export const MODEL_FILES = ['model*.safetensors', 'config.json', 'tokenizer.json'];
