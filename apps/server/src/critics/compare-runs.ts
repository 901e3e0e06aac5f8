import { judgeOfVersion } from '@flywheel/domain/critic';
import { CritiqueConfig } from '@flywheel/domain/critique';
import { type GoldSplit, splitOf } from '@flywheel/domain/gold-split';
import { type RunId, type TraceId } from '@flywheel/domain/ids';
import { decodePosition, type Position } from '@flywheel/domain/judgement';
import { compareJudges, type JudgeComparison } from '@flywheel/domain/metrics/compare-judges';
import { type FlipsByNoise, flipsByNoise } from '@flywheel/domain/metrics/flips-by-noise';
import { type NoiseFloor, noiseFloor } from '@flywheel/domain/metrics/noise-floor';
import type { RunSummary } from '@flywheel/domain/run';
import type { RunEngine } from '@flywheel/runs/run-engine';
import type { Store } from '@flywheel/store/store';
import { UserError } from '../errors.ts';

export type ComparedSplit = GoldSplit | 'all';

/** One side of a comparison. */
export interface ComparedRun {
  run: RunSummary;
  judge: string;
  model: string;
  /** How often its repetitions differ, on the compared traces. */
  noise: NoiseFloor;
  /** Milliseconds that an answer took at the model: the median of the first answers that came from there; null: none did. */
  medianMs: number | null;
}

/** Answers whose times are looked at. */
const TIMED = 500;

/** Two critique runs on the traces that both have results for, against gold of one split. */
export interface RunComparison extends JudgeComparison {
  split: ComparedSplit;
  /** Whether the two differ by more than either differs from itself. */
  flipsByNoise: FlipsByNoise;
  sides: { a: ComparedRun; b: ComparedRun };
}

/** Compares two critique runs; a look at the test split is noted with both versions. */
export const compareRuns = async (
  store: Store,
  engine: RunEngine,
  request: { a: RunId; b: RunId; split: ComparedSplit },
): Promise<RunComparison> => {
  const side = async (id: RunId) => {
    const found = await engine.get(id);
    if (found?.kind !== 'critique')
      throw new UserError(`Run ${id} asks no critic: it cannot be compared so.`);
    const { config: raw, ...run } = found;
    const config = CritiqueConfig.parse(raw);
    const answers = await store.runAnswers.verdicts(id);
    const timed = await store.runAnswers.page(id, { filter: 'all', offset: 0, limit: TIMED });
    const times = timed.items
      .flatMap((r) => (r.cached || r.modelMs === 0 ? [] : [r.modelMs]))
      .sort((x, y) => x - y);
    const medianMs = times[Math.floor(times.length / 2)] ?? null;
    const first = new Map<TraceId, Position | null>();
    const all = new Map<TraceId, (Position | null)[]>();
    for (const { trace, repetition, position } of answers) {
      const verdict = position === null ? null : decodePosition(position);
      if (repetition === 0) first.set(trace, verdict);
      const own = all.get(trace) ?? [];
      own.push(verdict);
      all.set(trace, own);
    }
    return { run, config, first, all, medianMs, judge: judgeOfVersion(config.critic, config.version) };
  };
  const [a, b] = await Promise.all([side(request.a), side(request.b)]);
  const gold = await store.gold.positions();
  const items = gold.flatMap(({ trace, problem, position }) => {
    const [left, right] = [a.first.get(trace), b.first.get(trace)];
    if (left === undefined || right === undefined) return [];
    if (request.split !== 'all' && splitOf(problem) !== request.split) return [];
    return [{ trace, gold: position, a: left, b: right }];
  });
  if (request.split === 'test' || request.split === 'all')
    for (const { config, run } of [a, b]) {
      // Looking again at the same results shows nothing new.
      const uses = await store.gold.testUses(config.critic);
      if (uses.some((use) => use.version === config.version && use.run === run.id)) continue;
      await store.gold.noteTestUse({ critic: config.critic, version: config.version, run: run.id as RunId });
    }
  const noise = (s: typeof a): NoiseFloor => noiseFloor(items.map(({ trace }) => s.all.get(trace) ?? []));
  const shown = (s: typeof a): ComparedRun => ({
    run: s.run,
    judge: s.judge,
    model: s.config.model,
    noise: noise(s),
    medianMs: s.medianMs,
  });
  const sides = { a: shown(a), b: shown(b) };
  const read = items.filter((item) => item.a !== null && item.b !== null);
  return {
    ...compareJudges(items),
    split: request.split,
    flipsByNoise: flipsByNoise([sides.a.noise, sides.b.noise], {
      observed: read.filter((item) => item.a !== item.b).length,
      of: read.length,
    }),
    sides,
  };
};
