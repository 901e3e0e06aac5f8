import { Mapping } from './mapping.ts';

const fields = (m: Record<string, unknown>): Mapping => Mapping.parse({ reader: 'fields', ...m });

/** Mappings of known files. Index conventions: BIG-Bench-Mistake 0-based with null, ProcessBench 0-based with -1. */
export const PRESETS = {
  'gsm8k-solutions': Mapping.parse({ reader: 'gsm8k-solutions' }),
  'big-bench-mistake': fields({
    prompt: 'input',
    steps: { path: 'steps', split: 'array' },
    task: { path: '$file' },
    model: { constant: 'big-bench-mistake' },
    source: 'big-bench-mistake',
    reference: 'target',
    answer: 'answer',
    firstError: { path: 'mistake_index', base: 0, clean: [null] },
  }),
  processbench: fields({
    prompt: 'problem',
    steps: { path: 'steps', split: 'array' },
    task: { path: '$file' },
    model: { path: 'generator' },
    source: 'processbench',
    given: 'final_answer_correct',
    firstError: { path: 'label', base: 0, clean: [-1] },
  }),
  prm800k: Mapping.parse({ reader: 'prm800k' }),
  'chat-messages': Mapping.parse({
    reader: 'chat-messages',
    task: { path: '$file' },
    model: { path: 'model' },
  }),
  generic: fields({
    prompt: 'prompt',
    steps: { path: 'response', split: 'lines' },
    task: { path: '$file' },
    model: { path: 'model' },
    source: 'generic',
    reference: 'reference',
    answer: 'answer',
  }),
} satisfies Record<string, Mapping>;

export type PresetName = keyof typeof PRESETS;
