import { trainingArguments } from './training-arguments.ts';

/** Of `trl sft` (TRL's SFTConfig). */
export const SFT_CONFIG = trainingArguments(`
learning_rate: 2.0e-5
lr_scheduler_type: cosine
warmup_steps: 0.03
per_device_train_batch_size: 4
gradient_accumulation_steps: 4
max_length: 2048
`);
