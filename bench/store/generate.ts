import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { seededRandom } from '@flywheel/domain/metrics/random';

/** Words of the generated texts; the k-th is drawn with probability proportional to 1/(k+2), as in natural text (Zipf). */
const SYLLABLES = [
  'ta',
  'ri',
  'mo',
  'ke',
  'su',
  'la',
  'ne',
  'vo',
  'di',
  'pa',
  'gu',
  'shi',
  'fe',
  'bo',
  'ra',
  'zu',
];
const WORDS = 20_000;
const word = (k: number): string => {
  let text = '';
  for (let n = k + 1; n > 0; n = Math.floor(n / 16)) text += SYLLABLES[n % 16];
  return text;
};
const VOCABULARY = Array.from({ length: WORDS }, (_, k) => word(k));
const CUMULATIVE = new Float64Array(WORDS);
let total = 0;
for (let k = 0; k < WORDS; k++) {
  total += 1 / (k + 2);
  CUMULATIVE[k] = total;
}

/** A term, a phrase and a prefix of each frequency, for searches. */
export const TERMS = {
  rare: VOCABULARY[15_000] as string,
  middling: VOCABULARY[400] as string,
  common: VOCABULARY[0] as string,
  phrase: `"${VOCABULARY[2]} ${VOCABULARY[3]}"`,
  prefix: `${(VOCABULARY[900] as string).slice(0, 4)}*`,
} as const;

const TASKS = ['gsm8k', 'math', 'arith-steps', 'dyck-languages', 'tracking'];
const MODELS = ['base-1b', 'base-7b', 'sft-1b', 'sft-7b', 'rl-1b', 'rl-7b', 'distilled', 'teacher'];

/**
 * Writes `traces` records as JSON Lines: four traces a problem, median 5 steps (1 to 30), about 1.2 kB each, one in twenty with a
 * first-error label. The same seed writes the same bytes.
 */
export const generate = async (path: string, traces: number, seed = 7): Promise<void> => {
  const next = seededRandom(seed);
  const pick = (): string => {
    const at = next() * total;
    let [low, high] = [0, WORDS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((CUMULATIVE[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return VOCABULARY[low] as string;
  };
  const words = (n: number) => Array.from({ length: n }, pick).join(' ');
  const any = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;

  const out = createWriteStream(path);
  let buffer = '';
  let problem = { text: '', reference: 0, task: '' };
  for (let i = 0; i < traces; i++) {
    if (i % 4 === 0)
      problem = { text: `${i / 4}: ${words(35)}?`, reference: Math.floor(next() * 1_000), task: any(TASKS) };
    const steps = Math.max(
      1,
      Math.min(30, Math.round(5 * Math.exp(0.45 * (next() + next() + next() - 1.5) * 2))),
    );
    const right = next() < 0.6;
    const label = next() < 0.05 ? (right ? -1 : Math.floor(next() * steps)) : undefined;
    buffer += `${JSON.stringify({
      question: problem.text,
      task: problem.task,
      model: MODELS[(i % 4) + (next() < 0.5 ? 0 : 4)],
      reference: String(problem.reference),
      answer: String(right ? problem.reference : problem.reference + 1 + Math.floor(next() * 9)),
      correct: right,
      steps: Array.from({ length: steps }, (_, s) => `${words(24)} ${s} + ${i % 97} = ${s + (i % 97)}`),
      ...(label !== undefined && { label }),
      level: i % 5,
    })}\n`;
    if (buffer.length > 1_000_000) {
      if (!out.write(buffer)) await once(out, 'drain');
      buffer = '';
    }
  }
  out.end(buffer);
  await once(out, 'close');
};

/** How the generated records become traces. */
export const MAPPING = {
  reader: 'fields',
  prompt: 'question',
  steps: { path: 'steps', split: 'array' },
  task: { path: 'task' },
  model: { path: 'model' },
  source: 'bench',
  reference: 'reference',
  answer: 'answer',
  given: 'correct',
  firstError: { path: 'label', base: 0, clean: [-1] },
};
