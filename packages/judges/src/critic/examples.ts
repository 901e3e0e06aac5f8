import type { CriticBody } from '@flywheel/domain/critic';
import { splitOf } from '@flywheel/domain/gold-split';
import type { GoldTrace } from '@flywheel/domain/gold-trace';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { seedOf } from '@flywheel/domain/metrics/seed-of';
import type { TraceText } from '@flywheel/domain/trace';
import type { Example } from './context.ts';

/**
 * Few-shot examples for one judged trace, from gold of the train split: flawed and clean by turns as far as both are there,
 * one a problem, never the judged problem itself, nor one of the same text under another id. The same for a trace and seed, whatever the order of `gold`.
 *
 * @param gold traces whose first error is known to a step, or that are clean; others are passed over
 */
export const pickExamples = (
  policy: CriticBody['examples'],
  judged: Pick<TraceText, 'id' | 'problem' | 'prompt' | 'task'>,
  gold: readonly GoldTrace[],
): Example[] => {
  if (policy.n === 0) return [];
  const asked = words(judged.prompt);
  const fitting = gold.filter(
    (g) =>
      splitOf(g.problem) === 'train' &&
      g.gold !== 'unlocated' &&
      g.problem !== judged.problem &&
      (policy.from === 'any' || g.trace.task === judged.task),
  );
  const drawn = fitting
    .map((g) => ({ g, at: seededRandom(seedOf(`${policy.seed} ${judged.id} ${g.trace.id}`))() }))
    .sort((a, b) => a.at - b.at || (a.g.trace.id < b.g.trace.id ? -1 : 1))
    .map(({ g }) => g);
  const lines = [drawn.filter((g) => g.gold !== 'clean'), drawn.filter((g) => g.gold === 'clean')];
  const problems = new Set<string>();
  const picked: GoldTrace[] = [];
  while (picked.length < policy.n && lines.some((line) => line.length > 0)) {
    const line = lines[picked.length % 2]?.length
      ? lines[picked.length % 2]
      : lines.find((l) => l.length > 0);
    const next = line?.shift();
    if (!next || problems.has(next.problem) || words(next.trace.prompt) === asked) continue;
    problems.add(next.problem);
    picked.push(next);
  }
  return picked.map(({ trace, gold: position, category, rationale }) => ({
    prompt: trace.prompt,
    steps: trace.steps,
    answer: trace.answer,
    firstError: typeof position === 'number' ? position : null,
    category,
    rationale,
  }));
};

/** A text without its layout, which files of one data set differ in. */
const words = (text: string): string => text.trim().replace(/\s+/g, ' ');
