/** Two runs that are compared, by id. */
export interface RunPair {
  a: number;
  b: number;
}

/** Reads the `compare` parameter of a URL, `21,23`; null where it names no two runs. */
export const readPair = (text: string | null): RunPair | null => {
  const [, a, b] = /^(\d{1,9}),(\d{1,9})$/.exec(text ?? '') ?? [];
  return a === undefined || b === undefined ? null : { a: Number(a), b: Number(b) };
};
