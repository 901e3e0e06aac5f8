import { type Perturb, pick } from './perturb.ts';

const NAMES =
  'Robin Alex Sasha Jordan Casey Riley Avery Quinn Rowan Noor Kim Toni Lee Sam Charlie Jules Remy Ari Nico Dana'.split(
    ' ',
  );
const LETTERS = 'kmnpqrtuvwzKMNPQRTUVWZ';
/** Capitalised words that name no one. */
const WORDS = new Set(
  (
    'Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September ' +
    'October November December The This That These Those There Then They His Her Its Each Every Some Any All And But For ' +
    'How Who What When Where Which Why Now Next First Finally Therefore Thus Hence Since After Before With Without Let ' +
    'Step True False Valid Invalid Not And Or English American Euro Dollar'
  ).split(' '),
);

/** Words written like names, amid a sentence at least once, that occur more than once. */
const namesIn = (text: string): string[] => {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/\b[A-Z][a-z]{2,}\b/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].flatMap(([word, count]) =>
    count > 1 && !WORDS.has(word) && new RegExp(`[a-z,;] ${word}\\b`).test(text) ? [word] : [],
  );
};

/** Single letters that stand for a value: beside an operator or an equals sign. Options `(A)` are none. */
const variablesIn = (text: string): string[] => {
  if (/\([A-E]\)/.test(text)) return [];
  const found = text.matchAll(
    /(?<![\w'’])([b-hj-zA-HJ-Z])(?= ?[=+*/-])|(?<=[=+*/-] ?)([b-hj-zA-HJ-Z])(?![\w'’])/g,
  );
  return [...new Set([...found].map((m) => m[1] ?? m[2] ?? ''))];
};

/** Names and variables of problem and steps become others, throughout: nothing of the reasoning changes. */
export const renamed: Perturb = ({ trace, position }, random) => {
  const whole = [trace.prompt, ...trace.steps, trace.answer ?? '', trace.reference ?? ''].join('\n');
  const free = NAMES.filter((name) => !new RegExp(`\\b${name}\\b`).test(whole));
  const letters = [...LETTERS].filter(
    (letter) => !new RegExp(`(?<![a-zA-Z])${letter}(?![a-zA-Z])`).test(whole),
  );
  const names = new Map<string, string>();
  const take = (old: string, from: string[]): void => {
    const next = pick(from, random);
    if (next === undefined) return;
    from.splice(from.indexOf(next), 1);
    names.set(old, next);
  };
  for (const name of namesIn(whole)) take(name, free);
  for (const variable of variablesIn(whole)) take(variable, letters);
  if (names.size === 0) return null;
  const pattern = new RegExp(`(?<![\\w])(${[...names.keys()].join('|')})(?![\\w])`, 'g');
  const rename = (text: string): string => text.replace(pattern, (old) => names.get(old) ?? old);
  const list = [...names].map(([old, next]) => `${old} → ${next}`).join(', ');
  return {
    trace: {
      ...trace,
      prompt: rename(trace.prompt),
      steps: trace.steps.map(rename),
      answer: trace.answer === null ? null : rename(trace.answer),
      reference: trace.reference === null ? null : rename(trace.reference),
    },
    expected: position,
    change: `renamed ${list}`,
    step: null,
  };
};
