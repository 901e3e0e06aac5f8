import { z } from 'zod';
import { checkFileTemplate, unknownPlaceholder } from './placeholders.ts';

const Template = z
  .string()
  .max(8_192)
  .refine((text) => !text.includes('\0'), 'no NUL');

/** A file below a folder, which no `..` leads out of. */
const RelativeFile = z
  .string()
  .min(1)
  .refine(
    (file) =>
      !/^([/\\]|[A-Za-z]:)/.test(file) && !/[\0\n\r]/.test(file) && !file.split(/[/\\]/).includes('..'),
    'a file below the folder: no leading slash, no ..',
  );

/** The figures that an extractor may find; the names of a pattern's groups, the keys of a JSON path. */
export const METRIC_NAMES = [
  'step',
  'totalSteps',
  'epoch',
  'loss',
  'learningRate',
  'evalLoss',
  'tokens',
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];
const MetricName = z.enum(METRIC_NAMES);

const Pattern = z.string().superRefine((source, context) => {
  try {
    const groups = [...source.matchAll(/\(\?<(\w+)>/g)].map((m) => m[1] ?? '');
    new RegExp(source);
    const unknown = groups.find((g) => !METRIC_NAMES.includes(g as MetricName));
    if (unknown !== undefined)
      context.addIssue(`there is no figure "${unknown}"; name the groups ${METRIC_NAMES.join(', ')}`);
    if (groups.length === 0) context.addIssue('name a group, e.g. loss=(?<loss>\\S+)');
  } catch (error) {
    context.addIssue(`no regular expression: ${(error as Error).message}`);
  }
});

export const Extractor = z.discriminatedUnion('kind', [
  /** A regular expression on each line of the log; its groups carry the names of figures. */
  z.strictObject({ kind: z.literal('regex'), pattern: Pattern }),
  /** Lines that are JSON objects: where each figure stands in them, keys with dots between, e.g. `train.loss`. */
  z.strictObject({
    kind: z.literal('json'),
    paths: z
      .partialRecord(MetricName, z.string().min(1))
      .refine((p) => Object.keys(p).length > 0, 'name a figure'),
  }),
  /**
   * The state that Hugging Face's Trainer keeps: `{out}/trainer_state.json`, and that of its newest
   * `{out}/checkpoint-N`; `log_history` has the figures.
   */
  z.strictObject({ kind: z.literal('trainer-state') }),
]);
export type Extractor = z.infer<typeof Extractor>;

const EnvName = z.string().regex(/^[A-Za-z_]\w*$/, 'letters, digits and underscores');

/** Any command as a trainer. */
export const CommandTrainer = z
  .strictObject({
    name: z.string().min(1),
    /** The arguments, the program first: never one line for a shell. */
    command: z.array(Template).min(1),
    /**
     * Run before the signals when it is stopped or its time is up, with 30 s to do it: for a job in a cluster, which does
     * not end with the command that waits for it.
     */
    stop: z.array(Template).min(1).optional(),
    /** Written into the run's folder before the start; the first is `{config}`. */
    files: z.record(RelativeFile, z.string().max(1_000_000)).default({}),
    env: z.record(EnvName, Template).default({}),
    /** Variables of ours that the command gets although they look like keys. Only their names are ever shown. */
    secrets: z.array(EnvName).default([]),
    /** Where it runs; the run's folder when left out. */
    cwd: z.string().startsWith('/').optional(),
    /** In minutes, from the start. */
    timeBudget: z
      .number()
      .positive()
      .max(60 * 24 * 365),
    budgetUnit: z.enum(['steps', 'epochs', 'tokens', 'minutes']).default('steps'),
    /** Further logs that are followed, below `cwd`: a scheduler writes its job's lines to a file. */
    logs: z.array(RelativeFile).default([]),
    metrics: z.array(Extractor).default([]),
    /** Files below `{out}` that a success leaves; `*` stands for any part of a name. JSON and safetensors are read. */
    expects: z.array(RelativeFile).min(1),
    /** The export format it takes: an id of packages/interchange/src/exports. */
    dataset: z.string().min(1),
  })
  .superRefine((trainer, context) => {
    const complain = (message: string | null, path: (string | number)[]): void => {
      if (message !== null) context.addIssue({ code: 'custom', message, path });
    };
    for (const key of ['command', 'stop'] as const)
      trainer[key]?.forEach((template, i) => {
        complain(unknownPlaceholder(template, `${key}[${i}]`), [key, i]);
      });
    for (const [name, template] of Object.entries(trainer.env)) {
      complain(unknownPlaceholder(template, `env.${name}`), ['env', name]);
      if (name.startsWith('FLYWHEEL_')) complain('names with FLYWHEEL_ are ours', ['env', name]);
    }
    for (const [file, text] of Object.entries(trainer.files))
      complain(checkFileTemplate(file, text), ['files', file]);
    for (const file of [...Object.keys(trainer.files), ...trainer.logs])
      if (/^(\.\/)?command(\/|$)/.test(file)) complain('the folder "command" is ours', ['files', file]);
    if (trainer.command[0]?.trim() === '') complain('name a program', ['command', 0]);
    const asks = [...trainer.command, ...(trainer.stop ?? []), ...Object.values(trainer.env)];
    if (asks.some((t) => t.includes('{config}')) && Object.keys(trainer.files).length === 0)
      complain('{config} is the first of the files, and there is none', ['files']);
  });
export type CommandTrainer = z.infer<typeof CommandTrainer>;
export type CommandTrainerInput = z.input<typeof CommandTrainer>;
