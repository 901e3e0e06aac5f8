/** What a template may ask for. `config` is the first of the trainer's files, `run` a name that no other run has. */
export const PLACEHOLDERS = ['dataset', 'base', 'out', 'budget', 'seed', 'config', 'run'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** What a start fills in. Paths are absolute; `base` may also be a name on the Hugging Face Hub. */
export interface CommandValues {
  /** The exported data set: a file in the format that the trainer takes. */
  dataset: string;
  /** The model to train on. */
  base: string;
  /** The folder that the trained model goes to. */
  out: string;
  /** In the trainer's `budgetUnit`. */
  budget: number;
  seed: number;
  /** Letters, digits and dashes: it becomes the name of a job. */
  run: string;
}

export type Filled = Record<Placeholder, string | number>;

/** `{name}`; `{{name}}` is that text itself. Other braces are text, as in JSON. */
const PATTERN = /\{\{\w+\}\}|\{(\w+)\}/g;

const isPlaceholder = (name: string): name is Placeholder => PLACEHOLDERS.includes(name as Placeholder);

/** What is wrong with a template's placeholders, with the place, or null. `at`: where the template stands, e.g. `command[2]`. */
export const unknownPlaceholder = (template: string, at: string): string | null => {
  for (const match of template.matchAll(PATTERN)) {
    const name = match[1];
    if (name !== undefined && !isPlaceholder(name))
      return (
        `${at}, character ${match.index + 1}: there is no placeholder {${name}}. ` +
        `There are ${PLACEHOLDERS.map((p) => `{${p}}`).join(' ')}; {{${name}}} writes the braces themselves.`
      );
  }
  return null;
};

/** Fills one argument, `{out}/model` included. What is filled in stays inside it, whatever it contains. */
export const fillTemplate = (template: string, values: Filled): string =>
  template.replace(PATTERN, (text, name: string | undefined) =>
    name === undefined ? text.slice(1, -1) : String(values[name as Placeholder]),
  );

/** A value alone between blanks, brackets or commas: where YAML and JSON take a quoted text. */
const BEFORE = /(^|[\s[,:{(-])$/;
const AFTER = /^($|[\s\],}])/;

/**
 * What is wrong with the placeholders of a YAML or JSON file, or null. There a value is written with its quotes, so it
 * stands alone.
 */
export const misplacedPlaceholder = (text: string, file: string): string | null => {
  for (const match of text.matchAll(PATTERN)) {
    if (match[1] === undefined) continue;
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + match[0].length);
    if (BEFORE.test(before.slice(-1)) && AFTER.test(after.slice(0, 1))) continue;
    const line = before.split('\n').length;
    return `${file}, line ${line}: write ${match[0]} alone and without quotes; it is filled in with them.`;
  }
  return null;
};

const takesPlaceholders = (file: string): boolean => /\.(ya?ml|json)$/.test(file);

/** What is wrong with a file's placeholders, or null. */
export const checkFileTemplate = (file: string, text: string): string | null =>
  takesPlaceholders(file)
    ? (unknownPlaceholder(text, `files["${file}"]`) ?? misplacedPlaceholder(text, `files["${file}"]`))
    : null;

/**
 * The text of a file. In YAML and JSON each value is a JSON text or number (JSON texts are YAML, YAML 1.2.2 section 1.3).
 * Any other file is written as it stands, since what would be safe in it is not known: scripts read `FLYWHEEL_DATASET`,
 * `FLYWHEEL_OUT` and so on from the environment.
 */
export const fillFile = (file: string, text: string, values: Filled): string =>
  takesPlaceholders(file)
    ? text.replace(PATTERN, (all, name: string | undefined) =>
        name === undefined ? all.slice(1, -1) : JSON.stringify(values[name as Placeholder]),
      )
    : text;

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** What is wrong with the values, with name and remedy, or null. */
export const checkValues = (values: CommandValues): string | null => {
  for (const name of ['dataset', 'base', 'out', 'run'] as const) {
    const value = values[name];
    if (value === '') return `{${name}} is empty.`;
    if (CONTROL.test(value) || !value.isWellFormed())
      return `{${name}} has a line break, a control character or half a character. Rename what it points to.`;
    if (value.startsWith('-'))
      return `{${name}} is ${JSON.stringify(value)}: a leading dash would be read as an option. Give the whole path.`;
  }
  for (const name of ['dataset', 'out'] as const)
    if (!values[name].startsWith('/') && !/^[A-Za-z]:[\\/]/.test(values[name]))
      return `{${name}} is ${JSON.stringify(values[name])}. Give the whole path: the command runs in a folder of its own.`;
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/.test(values.run))
    return `{run} is ${JSON.stringify(values.run)}: take up to 63 letters, digits and dashes.`;
  if (!Number.isFinite(values.budget) || values.budget <= 0)
    return `{budget} is ${values.budget}: give a number above 0.`;
  if (!Number.isSafeInteger(values.seed) || values.seed < 0)
    return `{seed} is ${values.seed}: give a whole number from 0.`;
  return null;
};
