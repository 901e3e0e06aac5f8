import { existsSync, readFileSync } from 'node:fs';
import { type Position, position } from '@flywheel/domain/judgement';
import { calibrate } from '@flywheel/domain/metrics/calibration';
import type { TraceText } from '@flywheel/domain/trace';
import { describe, expect, it } from 'vitest';
import { dyck } from './dyck.ts';
import { equalityChain } from './equality-chain.ts';
import { finalAnswer } from './final-answer.ts';
import { type Judged, labelErrorCandidates } from './label-errors.ts';
import { shuffledObjects } from './shuffled-objects.ts';
import { trace } from './trace.fixture.ts';
import type { Verifier } from './verifier.ts';

const FOLDER = new URL('../../../../shared/data/big-bench-mistake/', import.meta.url);
const present = existsSync(FOLDER);
if (!present)
  console.warn(`SKIPPED: ${FOLDER.pathname} is absent; the verifiers were not checked on BIG-Bench-Mistake.`);

const FILES: readonly (readonly [string, Verifier, number])[] = [
  ['multistep_arithmetic', equalityChain, 0.94],
  ['dyck_languages', dyck, 0.95],
  ['tracking_shuffled_objects', shuffledObjects, 0.85],
];

const read = (task: string): { trace: TraceText; gold: Position }[] =>
  readFileSync(new URL(`${task}.dev.jsonl`, FOLDER), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { input, target, answer, steps, mistake_index } = JSON.parse(line);
      return {
        trace: trace(steps, { task, prompt: input, reference: target, answer }),
        gold: mistake_index ?? 'clean',
      };
    });

type Pair = Parameters<typeof calibrate>[0][number];

const print = (task: string, name: string, pairs: Pair[]): number => {
  const { n, exact, accError, accClean, f1, baseline } = calibrate(pairs, { seed: 1, resamples: 10 });
  const round = (x: number | null) => x?.toFixed(4) ?? '-';
  console.info(
    `${task}, ${name}: n ${n} exact ${round(exact)} acc_error ${round(accError)} acc_clean ${round(accClean)} F1 ${round(f1)}; ` +
      `always clean: exact ${round(baseline.exact)} F1 ${round(baseline.f1)}`,
  );
  return exact ?? 0;
};

describe.skipIf(!present)('on BIG-Bench-Mistake', () => {
  it.each(FILES)(
    '[V10] %s: exact first error, clean traces included, above the target',
    (task, verifier, target) => {
      const pairs = read(task).map(({ trace, gold }): Pair => {
        const verdict = verifier.judge(trace);
        // Not to apply counts as wrong: gold is never unlocated here.
        return { predicted: verdict ? position(verdict) : 'unlocated', gold };
      });
      expect(print(task, 'all lines', pairs)).toBeGreaterThanOrEqual(target);
      // Rules were made on the even lines (counted from 0); the odd ones confirm them.
      for (const half of [0, 1]) {
        const part = pairs.filter((_, i) => i % 2 === half);
        expect(print(task, half === 0 ? 'even lines' : 'odd lines', part)).toBeGreaterThan(target - 0.02);
      }
    },
  );

  it('[V11] verifiers keep to their own tasks', () => {
    for (const [task] of FILES)
      for (const [other, verifier] of FILES)
        if (other !== task) expect(read(task).filter(({ trace }) => verifier.judge(trace))).toEqual([]);
  });

  it('[V19] lists the labels that a checked claim contradicts', () => {
    const candidates = FILES.flatMap(([task, verifier]) => {
      const items = read(task).map(({ trace, gold }): Judged => {
        const verdicts = [verifier, finalAnswer].flatMap((v) => {
          const verdict = v.judge(trace);
          return verdict ? [{ judge: v.id, verdict }] : [];
        });
        return { trace: trace.id, gold, verdicts };
      });
      const found = items.flatMap((item, i) =>
        labelErrorCandidates([item]).map((c) => ({ line: i + 1, ...c })),
      );
      return found.map(({ line, kind }) => `${task}:${line} ${kind}`);
    });
    console.info(candidates.join('\n'));
    expect(candidates).toContain('multistep_arithmetic:13 missed');
    expect(candidates).toContain('multistep_arithmetic:82 earlier');
    expect(candidates).toContain('dyck_languages:452 unfounded');
    expect(candidates).toContain('multistep_arithmetic:44 outcome');
  });
});
