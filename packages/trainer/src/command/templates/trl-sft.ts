import type { CommandTrainerInput } from '../command-trainer.ts';
import { HUGGING_FACE_LOG, MODEL_FILES, PYTHON_ENV } from './hugging-face-log.ts';
import { SFT_CONFIG } from './sft-config.ts';

/** Supervised fine-tuning on one machine. */
export const trlSft: CommandTrainerInput = {
  name: 'TRL SFT',
  dataset: 'trl-sft-messages',
  command: ['trl', 'sft', '--config', '{config}'],
  files: { 'sft.yaml': SFT_CONFIG },
  env: PYTHON_ENV,
  secrets: ['HF_TOKEN'],
  timeBudget: 240,
  metrics: HUGGING_FACE_LOG,
  expects: MODEL_FILES,
};
