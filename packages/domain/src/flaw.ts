import type { Category } from './category.ts';
import { type JudgeKind, judgeKind } from './ids.ts';
import { encodePosition, type Judgement, position, type StepLabel } from './judgement.ts';

const RANK: Record<JudgeKind, number> = { human: 3, verifier: 2, critic: 1, local: 0 };
const KINDS: readonly JudgeKind[] = ['human', 'verifier', 'critic', 'local'];

/** The resolved view of a trace's judgements. Positions are encoded: step >= 0, -1 clean, -2 unlocated, null = no judgement. */
export interface Flaw {
  firstError: number | null;
  kind: JudgeKind | null;
  category: Category | null;
  labels: (StepLabel | null)[];
  /** Two judges put the first error in different places. */
  conflict: boolean;
  agreement: Record<JudgeKind, number | null>;
}

/**
 * Within one kind: people by the newest, programs and models by the earliest error that any of them located
 * (a judge that found nothing does not outvote one that did); ties go to the newest.
 * A reviewer of ours outranks a label that came with a file.
 */
const speaker = (kind: JudgeKind, judgements: readonly Judgement[]): Judgement | undefined => {
  const newestFirst = [...judgements].sort((a, b) => b.at - a.at);
  if (kind === 'human') return newestFirst.find((j) => !j.imported) ?? newestFirst[0];
  const located = newestFirst.filter((j) => j.firstError !== null);
  if (located.length === 0) return newestFirst.find((j) => j.verdict === 'flawed') ?? newestFirst[0];
  return located.reduce((best, j) => ((j.firstError ?? 0) < (best.firstError ?? 0) ? j : best));
};

/** Versions of one critic are one voice: its newest judgement. The older ones stay on record, and say nothing here. */
const withoutOlderVersions = (judgements: readonly Judgement[]): Judgement[] => {
  const critic = (j: Judgement): string | null =>
    judgeKind(j.judge) === 'critic' ? (j.judge.split('@')[0] as string) : null;
  const newest = new Map<string, Judgement>();
  for (const j of judgements) {
    const name = critic(j);
    const other = name === null ? undefined : newest.get(name);
    if (name !== null && (!other || j.at >= other.at)) newest.set(name, j);
  }
  return judgements.filter((j) => {
    const name = critic(j);
    return name === null || newest.get(name) === j;
  });
};

const strongestFirst = (judgements: readonly Judgement[]): Judgement[] =>
  [...judgements].sort(
    (a, b) =>
      RANK[judgeKind(b.judge)] - RANK[judgeKind(a.judge)] ||
      Number(a.imported) - Number(b.imported) ||
      b.at - a.at,
  );

/**
 * Resolves the newest judgement of each judge into one flaw: human beats verifier beats critic beats local.
 *
 * A judge in `partialJudges` only looks for some kinds of error: its `clean` says that it found none of those,
 * so it neither contradicts an error that another judge located nor counts as a conflict.
 * Of several versions of one critic (`critic:first-error@6`, `@7`) only the one that judged last speaks, in labels too.
 *
 * @param steps number of steps of the trace; the labels have this length
 * @param judgements at most one a judge, oldest first where they were made at the same time; those with scope `outcome` are ignored here
 * @example resolveFlaw(5, [calcSaysS0, reviewerSaysS2], new Set()) // { firstError: 2, kind: 'human', conflict: true, ... }
 */
export const resolveFlaw = (
  steps: number,
  judgements: readonly Judgement[],
  partialJudges: ReadonlySet<string>,
): Flaw => {
  const relevant = withoutOlderVersions(judgements.filter((j) => j.scope === 'steps'));
  const agreement: Flaw['agreement'] = { verifier: null, critic: null, local: null, human: null };
  let chosen: Judgement | undefined;
  for (const kind of KINDS) {
    const spoken = speaker(
      kind,
      relevant.filter((j) => judgeKind(j.judge) === kind),
    );
    if (!spoken) continue;
    agreement[kind] = encodePosition(position(spoken));
    const weakClean = chosen?.verdict === 'clean' && partialJudges.has(chosen.judge);
    if (!chosen || (weakClean && spoken.verdict === 'flawed')) chosen = spoken;
  }

  const positions = new Set(
    relevant
      .filter((j) => !(j.verdict === 'clean' && partialJudges.has(j.judge)))
      .map((j) => encodePosition(position(j))),
  );
  // "Flawed, place unknown" agrees with any place, but not with clean.
  const located = [...positions].filter((p) => p >= 0);
  const conflict = located.length > 1 || (positions.has(-1) && (located.length > 0 || positions.has(-2)));

  const ordered = strongestFirst(relevant);
  const labels = Array.from({ length: steps }, (_, i) => {
    for (const j of ordered) {
      const label = j.labels[i];
      if (label !== null && label !== undefined) return label;
    }
    return null;
  });
  return {
    firstError: chosen ? encodePosition(position(chosen)) : null,
    kind: chosen ? judgeKind(chosen.judge) : null,
    category: chosen?.category ?? null,
    labels,
    conflict,
    agreement,
  };
};

/** Step labels as the store's strip: `+` good, `0` neutral, `-` bad, `.` not looked at. */
export const encodeStrip = (labels: readonly (StepLabel | null)[]): string =>
  labels.map((l) => (l === 1 ? '+' : l === 0 ? '0' : l === -1 ? '-' : '.')).join('');
