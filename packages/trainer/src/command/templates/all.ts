import type { CommandTrainerInput } from '../command-trainer.ts';
import { rayJob } from './ray-job.ts';
import { sbatch } from './sbatch.ts';
import { torchrun } from './torchrun.ts';
import { trlDpo } from './trl-dpo.ts';
import { trlPrm } from './trl-prm.ts';
import { trlSft } from './trl-sft.ts';

/** The trainers that are ready to use; a copy is the beginning of one's own. */
export const COMMAND_TEMPLATES: readonly CommandTrainerInput[] = [
  trlSft,
  trlDpo,
  trlPrm,
  torchrun,
  sbatch,
  rayJob,
];
