/** Two versions that are compared, by number. */
export interface Marks {
  a: number | null;
  b: number | null;
}

/** Marks a version, or takes its mark away: the first is A, the second B, a third takes B's place. */
export const toggleMark = (marks: Marks, version: number): Marks => {
  if (marks.a === version) return { a: marks.b, b: null };
  if (marks.b === version) return { ...marks, b: null };
  return marks.a === null ? { ...marks, a: version } : { ...marks, b: version };
};
