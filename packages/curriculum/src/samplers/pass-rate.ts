/** How often something was solved. */
export interface Tally {
  n: number;
  passed: number;
}

/** What is known of a slice when its share of the next training is decided. */
export interface SlicePassRate {
  key: string;
  /** One for each generation, the oldest first, the same number for every slice; `n` is 0 where it was not measured. */
  history: readonly Tally[];
  /** Its share of the stream as it comes, 0..1. */
  natural: number;
}

/** A share of right solutions with one more of each kind than were seen (Laplace): a slice that was never measured has a half. */
export const passRate = ({ n, passed }: Tally): number => (passed + 1) / (n + 2);

const NEVER: Tally = { n: 0, passed: 0 };
const measured = ({ n }: Tally): boolean => n > 0;

/** That of the newest generation in which it was measured, and of the oldest. */
export const newestRate = ({ history }: SlicePassRate): number =>
  passRate(history.findLast(measured) ?? NEVER);
export const oldestRate = ({ history }: SlicePassRate): number => passRate(history.find(measured) ?? NEVER);

/** The measured ones, with the number of their generation. */
export const measurements = ({ history }: SlicePassRate): (Tally & { generation: number })[] =>
  history.map((tally, generation) => ({ ...tally, generation })).filter(measured);

/** Generations that there were. */
export const generationsOf = (slices: readonly SlicePassRate[]): number =>
  Math.max(0, ...slices.map(({ history }) => history.length));
