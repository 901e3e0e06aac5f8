import type { CommandTrainerInput } from '../command-trainer.ts';
import { HUGGING_FACE_LOG, MODEL_FILES, PYTHON_ENV } from './hugging-face-log.ts';
import { trainingArguments } from './training-arguments.ts';

/** Direct preference optimisation (Rafailov et al. 2023, arXiv 2305.18290): corrected traces against the original ones. */
export const trlDpo: CommandTrainerInput = {
  name: 'TRL DPO',
  dataset: 'trl-preference',
  command: ['trl', 'dpo', '--config', '{config}'],
  files: {
    'dpo.yaml': trainingArguments(`
beta: 0.1
learning_rate: 5.0e-7
lr_scheduler_type: cosine
warmup_steps: 0.1
per_device_train_batch_size: 2
gradient_accumulation_steps: 8
max_length: 2048
`),
  },
  env: PYTHON_ENV,
  secrets: ['HF_TOKEN'],
  timeBudget: 240,
  metrics: HUGGING_FACE_LOG,
  expects: MODEL_FILES,
};
