import { loadavg } from 'node:os';
import type { BenchSubject, Generation, Scoring, Texts } from './subject.ts';

/** What is run: so many texts of so many tokens, and answers of so many. */
export interface Cell {
  texts: Texts;
  answer: number;
  /** How often; the two subjects take turns. */
  rounds: number;
  /** Whether it is run once before, not counted: graphics devices compile for each class of shapes when it is first met. */
  warm: boolean;
}

/** One round of one subject. */
interface Round extends Generation {
  score: Scoring;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const round = (n: number): string => (n < 10 ? n.toFixed(1) : Math.round(n).toString());
const times = (n: number): string => `**${round(n)}**`;
const bytes = (n: number): string => (n < 1e5 ? `${round(n / 1e3)} kB` : `${round(n / 1e6)} MB`);

const HEAD = [
  'batch, prompt',
  'score /s',
  'ratio',
  'first token, s',
  'ratio',
  'decode /s',
  'ratio',
  'read back a token: score',
  'decode',
  'peak memory',
  'same tokens',
];

/**
 * Runs both on the same texts, in turns, so that what else the machine does hits both alike. Prints a table: the median of the
 * rounds of each, `theirs to ours`, and the median of the rounds' ratios (above 1: ours is faster).
 */
export const compare = async (
  base: BenchSubject,
  ours: BenchSubject,
  cells: readonly Cell[],
): Promise<void> => {
  const subjects = [base, ours] as const;
  console.log(
    `\n${base.name} (loaded in ${round(base.load)} s) to ${ours.name} (loaded in ${round(ours.load)} s)\n`,
  );
  console.log(`| ${HEAD.join(' | ')} |\n|${' --- |'.repeat(HEAD.length)}`);
  for (const subject of subjects) {
    const warm = cells.flatMap(({ texts }) => texts.slice(0, 2).map((text) => text.slice(0, 40))).slice(0, 2);
    await subject.score(warm.slice(0, 1));
    await subject.generate(warm, 3);
    await subject.memory();
  }
  for (const { texts, answer, rounds, warm } of cells) {
    if (warm)
      for (const subject of subjects) {
        await subject.score(texts);
        await subject.generate(texts, answer);
      }
    const [batch, length] = [texts.length, texts[0]?.length ?? 0];
    const taken: [Round[], Round[]] = [[], []];
    for (let n = 0; n < rounds; n++)
      for (const [s, subject] of subjects.entries()) {
        const score = await subject.score(texts);
        taken[s as 0 | 1].push({ score, ...(await subject.generate(texts, answer)) });
      }
    const memory = await Promise.all(subjects.map((subject) => subject.memory()));
    /** Medians of both and of the ratio. @param less whether less is better */
    const both = (figure: (r: Round) => number, less = false): [string, string] => {
      const [a, b] = taken.map((rs) => rs.map(figure)) as [number[], number[]];
      const ratios = b.map((value, i) => (less ? (a[i] ?? 0) / value : value / (a[i] ?? 0)));
      return [`${round(median(a))} to ${round(median(b))}`, times(median(ratios))];
    };
    const decoded = ({ ids }: Round): number => ids.reduce((sum, answer) => sum + answer.length - 1, 0);
    const readBack = (figure: (r: Round) => number): string =>
      taken.map(([first]) => bytes(first ? figure(first) : Number.NaN)).join(' to ');
    const [a, b] = taken.map(([first]) => first?.ids ?? []);
    const same = a?.filter((ids, r) => String(ids) === String(b?.[r])).length;
    const row = [
      `${batch}, ${length}`,
      ...both((r) => (batch * (length - 1)) / r.score.seconds),
      ...both((r) => r.first, true),
      ...both((r) => decoded(r) / r.rest),
      readBack((r) => r.score.readBack / (batch * length)),
      readBack((r) => r.readBack / (decoded(r) + batch)),
      memory.map((m) => (m === null ? '-' : bytes(m))).join(' to '),
      `${same} of ${batch}`,
    ];
    console.log(`| ${row.join(' | ')} |`);
    if (process.env.FLYWHEEL_BENCH_LOAD) console.log(`load ${loadavg()[0]?.toFixed(1)}`);
  }
  for (const subject of subjects) await subject.close();
};
