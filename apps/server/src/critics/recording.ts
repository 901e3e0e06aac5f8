import { CritiqueConfig } from '@flywheel/domain/critique';
import type { RunId } from '@flywheel/domain/ids';
import { cacheKey } from '@flywheel/providers/cache-key';
import { baseUrlOf } from '@flywheel/providers/open-client';
import { recordingOf } from '@flywheel/providers/recording';
import type { RunEngine } from '@flywheel/runs/run-engine';
import { UserError } from '../errors.ts';
import { type CritiqueParts, partsOf, questioner } from './open-critique.ts';

/** Traces whose answers one page holds. */
const PAGE = 500;

export interface RecordingPage {
  /** JSON Lines, as the `replay` provider reads them. */
  lines: string;
  answers: number;
  /** Traces to whose question no answer is kept: it failed, or the question would be another one today. */
  missing: number;
  /** Where the next page begins; null after the last. */
  next: number | null;
}

/**
 * The answers of a critique run, by what was asked: a page of them. The first repetition only, as a replay always gives the
 * same.
 *
 * @throws UserError for a run that asks no critic
 */
export const recordingPage = async (
  parts: CritiqueParts,
  engine: RunEngine,
  { run, from }: { run: RunId; from: number },
): Promise<RecordingPage> => {
  const found = await engine.get(run);
  if (found?.kind !== 'critique')
    throw new UserError(`Run ${run} asks no critic: it has no answers to record.`);
  const config = CritiqueConfig.parse(found.config);
  const { version, provider } = await partsOf(parts, config);
  const question = await questioner(parts.store, version, config.model);
  const seqs = await parts.store.runs.itemSeqs(run);
  const page = await parts.store.traces.texts(seqs.subarray(from, from + PAGE));
  const entries = page.flatMap((trace) => {
    const request = question(trace);
    const answer = parts.store.answers.get(cacheKey(baseUrlOf(provider), request, 0));
    return answer ? [{ request, answer }] : [];
  });
  return {
    lines: recordingOf(entries),
    answers: entries.length,
    missing: page.length - entries.length,
    next: from + PAGE < seqs.length ? from + PAGE : null,
  };
};
