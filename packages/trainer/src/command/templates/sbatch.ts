import type { CommandTrainerInput } from '../command-trainer.ts';
import { HUGGING_FACE_LOG, MODEL_FILES, PYTHON_ENV } from './hugging-face-log.ts';
import { SFT_CONFIG } from './sft-config.ts';

/**
 * A job of Slurm. `--wait` stays until the job ends and has its exit code; the job's own lines go to `slurm.log` in the
 * run's folder, which must be on a file system that the nodes share. The job has our variables through `--export=ALL`.
 * `--time` is in minutes and takes the job's wait for a place out of the count, `timeBudget` does not.
 */
export const sbatch: CommandTrainerInput = {
  name: 'Slurm (sbatch)',
  dataset: 'trl-sft-messages',
  command: [
    'sbatch',
    '--wait',
    '--job-name=flywheel-{run}',
    '--output=slurm.log',
    '--open-mode=append',
    '--export=ALL',
    '--nodes=1',
    '--gpus-per-node=1',
    '--time=480',
    'job.sh',
  ],
  stop: ['scancel', '--name=flywheel-{run}'],
  files: {
    'sft.yaml': SFT_CONFIG,
    'job.sh': `#!/bin/sh
exec srun trl sft --config "$FLYWHEEL_CONFIG"
`,
  },
  logs: ['slurm.log'],
  env: PYTHON_ENV,
  secrets: ['HF_TOKEN'],
  timeBudget: 1440,
  metrics: HUGGING_FACE_LOG,
  expects: MODEL_FILES,
};
