import { CommandTrainer, type CommandTrainerInput, type Extractor } from './command-trainer.ts';
import { type CommandValues, checkValues, type Filled, fillFile, fillTemplate } from './placeholders.ts';
import { shellLine } from './shell-quote.ts';

/** Everything that a start will do, before it does it. */
export interface DryRun {
  name: string;
  /** The exact arguments. */
  argv: string[];
  /** They again, quoted for a POSIX shell, for people. */
  line: string;
  /** What ends a job in a cluster, before the signals; null where there is none. */
  stop: { argv: string[]; line: string } | null;
  cwd: string;
  /** Absolute paths and what will stand in them. */
  files: { path: string; content: string }[];
  /** Set besides what is inherited. */
  env: Record<string, string>;
  /** Names of the variables whose values are never shown. */
  secrets: string[];
  /** In minutes. */
  timeBudget: number;
  /** Steps, where the budget says how many. */
  totalSteps: number | null;
  /** Absolute paths of further logs. */
  logs: string[];
  /** What is looked for, in words, one an extractor. */
  extracts: string[];
  /** Absolute paths, `*` for any part of a name, that are checked after exit code 0. */
  checks: string[];
  /** The export format that the data set must have. */
  dataset: string;
}

const under = (folder: string, file: string): string => `${folder.replace(/[/\\]+$/, '')}/${file}`;

const describe = (extractor: Extractor, out: string): string => {
  switch (extractor.kind) {
    case 'regex':
      return `lines that match /${extractor.pattern}/`;
    case 'json':
      return `lines of JSON: ${Object.entries(extractor.paths)
        .map(([name, path]) => `${name} from ${path}`)
        .join(', ')}`;
    case 'trainer-state':
      return `log_history of ${under(out, 'trainer_state.json')} and of the newest checkpoint-*/trainer_state.json`;
  }
};

/**
 * What a start with these values runs, writes, extracts and checks. Touches nothing.
 *
 * @param folder the run's own, absolute
 * @throws Error that names the value or the template's place that cannot be
 * @example dryRun(trlSft, { dataset: '/data/sft.jsonl', base: 'Qwen/Qwen2.5-0.5B', out: '/runs/7/out', budget: 500, seed: 1, run: 'r7' }, '/runs/7').line
 */
export const dryRun = (input: CommandTrainerInput, values: CommandValues, folder: string): DryRun => {
  const trainer = CommandTrainer.parse(input);
  const wrong = checkValues(values);
  if (wrong !== null) throw new Error(wrong);
  const names = Object.keys(trainer.files);
  const filled: Filled = { ...values, config: under(folder, names[0] ?? '') };
  const fill = (template: string): string => fillTemplate(template, filled);
  const argv = trainer.command.map(fill);
  const stop = trainer.stop?.map(fill);
  const cwd = trainer.cwd ?? folder;
  return {
    name: trainer.name,
    argv,
    line: shellLine(argv),
    stop: stop ? { argv: stop, line: shellLine(stop) } : null,
    cwd,
    files: Object.entries(trainer.files).map(([file, text]) => ({
      path: under(folder, file),
      content: fillFile(file, text, filled),
    })),
    env: {
      ...Object.fromEntries(Object.entries(trainer.env).map(([name, text]) => [name, fill(text)])),
      ...Object.fromEntries(
        Object.entries(filled).map(([name, value]) => [`FLYWHEEL_${name.toUpperCase()}`, String(value)]),
      ),
    },
    secrets: trainer.secrets,
    timeBudget: trainer.timeBudget,
    totalSteps: trainer.budgetUnit === 'steps' ? values.budget : null,
    logs: trainer.logs.map((log) => under(cwd, log)),
    extracts: trainer.metrics.map((e) => describe(e, values.out)),
    checks: trainer.expects.map((file) => under(values.out, file)),
    dataset: trainer.dataset,
  };
};
