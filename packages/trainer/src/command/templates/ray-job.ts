import type { CommandTrainerInput } from '../command-trainer.ts';
import { HUGGING_FACE_LOG, MODEL_FILES } from './hugging-face-log.ts';
import { SFT_CONFIG } from './sft-config.ts';

/**
 * A job of Ray; RAY_ADDRESS or RAY_API_SERVER_ADDRESS says where. What follows `--` goes to a shell at the cluster
 * (job/cli.py joins the words, job_supervisor.py runs them with `shell=True`), so no value stands there: they are in the
 * config, which travels with the folder `job`. Data and output are on a file system that the nodes share.
 */
export const rayJob: CommandTrainerInput = {
  name: 'Ray (ray job submit)',
  dataset: 'trl-sft-messages',
  command: [
    'ray',
    'job',
    'submit',
    '--submission-id',
    'flywheel-{run}',
    '--working-dir',
    'job',
    '--entrypoint-num-gpus',
    '1',
    '--runtime-env-json',
    '{"env_vars": {"PYTHONUNBUFFERED": "1"}}',
    '--',
    'trl',
    'sft',
    '--config',
    'sft.yaml',
  ],
  stop: ['ray', 'job', 'stop', 'flywheel-{run}'],
  files: { 'job/sft.yaml': SFT_CONFIG },
  timeBudget: 1440,
  metrics: HUGGING_FACE_LOG,
  expects: MODEL_FILES,
};
