import type { CommandTrainerInput } from '../command-trainer.ts';
import { HUGGING_FACE_LOG, MODEL_FILES, PYTHON_ENV } from './hugging-face-log.ts';
import { SFT_CONFIG } from './sft-config.ts';

/** All accelerators of one machine. Any script that torchrun takes may stand in place of TRL's module. */
export const torchrun: CommandTrainerInput = {
  name: 'torchrun',
  dataset: 'trl-sft-messages',
  command: [
    'torchrun',
    '--standalone',
    '--nproc-per-node=gpu',
    '-m',
    'trl.scripts.sft',
    '--config',
    '{config}',
  ],
  files: { 'sft.yaml': SFT_CONFIG },
  env: PYTHON_ENV,
  secrets: ['HF_TOKEN'],
  timeBudget: 480,
  metrics: HUGGING_FACE_LOG,
  expects: MODEL_FILES,
};
