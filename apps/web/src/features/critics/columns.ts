import { type CriticBody, type CriticId, judgeOfVersion } from '@flywheel/domain/critic';
import { type Judgement, type Position, position } from '@flywheel/domain/judgement';
import type { TraceDetail } from '@flywheel/domain/trace';
import type { Where } from './model-picker.tsx';
import { type Round, staleness, type Try } from './tries.ts';
import { positionWord } from './verdict.tsx';

/** What a column of the pinned table shows: the last round, an earlier one, or a version's kept verdicts. */
export type Source = 'now' | `round ${number}` | `v${number}`;

export interface SourceOption {
  source: Source;
  label: string;
}

/** What a column can show, the nearest first. */
export const sourcesOf = (
  rounds: readonly Round[],
  versions: readonly { number: number }[],
): SourceOption[] => [
  { source: 'now', label: 'now' },
  ...rounds
    .slice(1)
    .map((r): SourceOption => ({ source: `round ${r.id}`, label: `${r.label}, ${r.where.model}, tried` })),
  ...versions.map((v): SourceOption => ({ source: `v${v.number}`, label: `v${v.number} kept` })),
];

/** One verdict in the pinned table. */
export interface Cell {
  /** `S2`, `clean`, `no parse`, `waiting`; '' where nothing was asked. */
  word: string;
  /** The verdict where there is one; null: none, or one that could not be read. */
  at: Position | null;
  /** Whether an answer is there, read or not. */
  settled: boolean;
  /** Rationale, or why there is none. */
  why: string;
  /** Why it no longer says what would be answered now; null: it does. */
  stale: string | null;
}

const EMPTY: Cell = { word: '', at: null, settled: false, why: '', stale: null };

/** What a try came to, for a cell. */
export const cellOfTry = (tried: Try | undefined, stale: string | null): Cell => {
  if (!tried) return EMPTY;
  switch (tried.state) {
    case 'waiting':
      return { ...EMPTY, word: 'waiting' };
    case 'asking':
      return { ...EMPTY, word: 'asking…' };
    case 'stopped':
      return { ...EMPTY, word: 'stopped', stale };
    case 'failed':
      return { ...EMPTY, word: 'failed', why: `${tried.message} ${tried.remedy}`.trim(), stale };
    case 'done': {
      const { parsed } = tried;
      if (!parsed.ok) return { word: 'no parse', at: null, settled: true, why: parsed.detail, stale };
      const at = parsed.firstError ?? 'clean';
      return { word: positionWord(at), at, settled: true, why: parsed.rationale, stale };
    }
  }
};

/** The cell of a trace in a column. */
export const cellOf = (
  source: Source,
  trace: TraceDetail,
  known: { critic: CriticId; rounds: readonly Round[]; body: CriticBody; where: Where },
): Cell => {
  const id = trace.row.id;
  if (source === 'now') {
    const [round] = known.rounds;
    return round ? cellOfTry(round.tries.get(id), staleness(round, known.body, known.where)) : EMPTY;
  }
  if (source.startsWith('round '))
    return cellOfTry(known.rounds.find((r) => `round ${r.id}` === source)?.tries.get(id), null);
  const judge = judgeOfVersion(known.critic, Number(source.slice(1)));
  const kept = trace.judgements.find((j) => j.judge === judge);
  if (!kept) return EMPTY;
  const at = position(kept);
  return { word: positionWord(at), at, settled: true, why: kept.rationale, stale: null };
};

/** What people say of a trace's steps; one's own label goes before an imported one. */
export const goldOf = (judgements: readonly Judgement[]): Position | null => {
  const human = judgements.filter((j) => j.judge.startsWith('human:') && j.scope === 'steps');
  const speaks = human.find((j) => !j.imported) ?? human[0];
  return speaks ? position(speaks) : null;
};

/** From column A to column B. `differs`: both have answered, not alike, and gold does not say which is right. */
export type Flip = 'same' | 'now right' | 'now wrong' | 'both wrong' | 'differs' | null;

export const flipOf = (a: Cell, b: Cell, gold: Position | null): Flip => {
  if (!a.settled || !b.settled) return null;
  if (a.at === b.at) return 'same';
  if (gold === null) return 'differs';
  return b.at === gold ? 'now right' : a.at === gold ? 'now wrong' : 'both wrong';
};
