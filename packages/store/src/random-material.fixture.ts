import { ReviewId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import { seededRandom } from '@flywheel/domain/metrics/random';

/** Different records; each is offered to the store many times. */
const RECORDS = 60;
const WORDS = ['apples', 'pears', 'ducks', 'eggs', 'carry', 'carries', 'overflow', 'minus'];
export const FACETS = [
  'outcome',
  'task',
  'model',
  'category',
  'error',
  'steps',
  'conflict',
  'reviewed',
  'flagged',
  'judge',
  'tag',
  'source',
  'import',
];
export const JUDGES = [
  ['verifier:calc-annotations', 'steps'],
  ['verifier:equality-chain', 'steps'],
  ['verifier:dyck', 'steps'],
  ['critic:first@1', 'steps'],
  ['critic:first@2', 'steps'],
  ['local:probe', 'steps'],
  ['verifier:final-answer', 'outcome'],
  ['critic:outcome@2', 'outcome'],
] as const;
export const QUERIES = [
  '',
  'task:sums,words outcome:wrong',
  '-task:sums steps:2..3',
  'model:m0 model:m2 -source:s1 error:clean,none',
  'error:0..2',
  'error:..1 conflict:yes',
  'error:unlocated',
  'judge:verifier:calc-annotations -judge:critic:first@1',
  'judge:human:ada,human:imported-gold',
  'flawedby:critic:first@1,verifier:dyck',
  'flawedby:verifier:calc-annotations cleanby:critic:first@1',
  '-cleanby:human:ada,human:imported-gold flawedby:nobody,human:bob,critic:outcome@2',
  'run:1 flawedby:critic:first@1,critic:first@2',
  '-run:2..4 error:clean',
  'reviewed:yes',
  'reviewer:ada',
  'flagged:yes -tag:hard',
  'tag:hard,odd',
  'selection:kept',
  '-selection:kept category:sign,none',
  'import:1..3',
  '-import:2 usefull OR apples',
  'meta.level:2',
  '-meta.level:2,3 reviewed:no',
  'problem:sums/1,words/0',
  'id:0000000000000005,0000000000000011',
  'apples',
  '-apples ducks',
  'carr*',
  '"carry minus" OR (eggs -pears)',
  '"apples for ducks"',
  'overflow',
  'task:words (overflow OR ducks) -flagged:yes',
];

const hex = (n: number) => n.toString(16).padStart(16, '0');
export const uuid = (n: number) =>
  ReviewId.parse(`3f0c6d3e-92b1-4c4a-9b5e-${n.toString(16).padStart(12, '0')}`);

/** Draws everything from one seed, so that a failure can be run again. */
export class Dice {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  chance(p: number): boolean {
    return this.random() < p;
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }

  words(most: number): string {
    return Array.from({ length: 1 + this.below(most) }, () => this.one(WORDS)).join(' ');
  }

  labels(steps: number): (1 | 0 | -1 | null)[] {
    return Array.from({ length: this.below(steps + 1) }, () => this.one([1, 0, -1, null] as const));
  }
}

export const makeRecords = (dice: Dice): IngestTrace[] =>
  Array.from({ length: RECORDS }, (_, n): IngestTrace => {
    const problem = dice.below(15);
    const steps = Array.from({ length: 1 + dice.below(4) }, (_, i) => `${dice.words(3)} ${i}`);
    const gold = dice.chance(0.2)
      ? {
          position: dice.below(steps.length + 2) - 2,
          labels: dice.labels(steps.length),
          rationale: dice.one(['', 'gold says overflow']),
        }
      : null;
    return {
      id: hex(n),
      problemId: hex(1_000 + problem),
      task: dice.one(['sums', 'words', 'odd']),
      prompt: `Number ${problem}: ${WORDS[problem % 8]} for ${WORDS[(problem * 3) % 8]}?`,
      reference: dice.one(['12', '1,200', 'a', null]),
      model: `m${dice.below(4)}`,
      source: `s${dice.below(2)}`,
      given: dice.one(['right', 'wrong', null]),
      answer: dice.one(['12', '-3', '1,200', '7.5', 'ten', null]),
      steps,
      extra: dice.chance(0.7) ? { level: dice.below(4) } : {},
      ...(gold ? { gold } : {}),
    };
  });
