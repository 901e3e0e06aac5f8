import { fileURLToPath } from 'node:url';
import type { CommandTrainerInput } from './command-trainer.ts';
import type { CommandValues } from './placeholders.ts';

const FAKE = fileURLToPath(new URL('./fake-trainer.child.ts', import.meta.url));

export const fake = (behaviour: string, ...more: string[]): CommandTrainerInput => ({
  name: 'fake',
  dataset: 'trl-sft-messages',
  command: [process.execPath, FAKE, behaviour, '{out}', '{budget}', ...more],
  timeBudget: 5,
  metrics: [
    { kind: 'regex', pattern: '^step=(?<step>\\d+) loss=(?<loss>\\S+) lr=(?<learningRate>\\S+)' },
    { kind: 'trainer-state' },
  ],
  expects: ['model*.safetensors', 'config.json'],
});

export const valuesFor = (folder: string): CommandValues => ({
  dataset: `${folder}/data.jsonl`,
  base: 'Qwen/Qwen2.5-0.5B',
  out: `${folder}/out`,
  budget: 3,
  seed: 1,
  run: 'r1',
});
