import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { JudgeId, TraceId } from '@flywheel/domain/ids';
import type { Judgement } from '@flywheel/domain/judgement';
import type { TraceText } from '@flywheel/domain/trace';
import { stubVerdict } from './stub-verdict.ts';

/**
 * A worker of the verify protocol whose verdict follows from the trace's number (`hexId`, `stubVerdict`).
 * A trace that says DIES ends the worker, one that says HANGS never ends.
 */
export interface StubJudge {
  /** Milliseconds to wait before each batch. */
  slow: number;
  /** A JSON file of the trace numbers on which the judge throws, read anew for each batch. */
  broken: string;
}
const { slow, broken: brokenFile } = (workerData ?? { slow: 0, broken: '' }) as StubJudge;

const brokenNow = (): Set<number> => {
  try {
    return new Set(JSON.parse(readFileSync(brokenFile, 'utf8')) as number[]);
  } catch {
    return new Set();
  }
};

const judgeOne = (judge: string, trace: TraceText, broken: ReadonlySet<number>) => {
  const n = Number.parseInt(trace.id, 16);
  const text = trace.steps.join('\n');
  if (text.includes('DIES')) process.exit(1);
  while (text.includes('HANGS'));
  if (broken.has(n)) return { error: `trace ${n} broke the judge` };
  const verdict = stubVerdict(n);
  if (verdict === null) return { judgement: null };
  const judgement: Judgement = {
    trace: trace.id as TraceId,
    judge: judge as JudgeId,
    scope: 'steps',
    verdict,
    firstError: verdict === 'flawed' ? 0 : null,
    labels: [],
    category: null,
    confidence: 1,
    rationale: verdict === 'flawed' ? `stub says [S0] of ${n}` : '',
    evidence: [],
    version: '1',
    imported: false,
    at: Date.now(),
  };
  return { judgement };
};

parentPort?.on('message', ({ judge, traces }: { judge: string; traces: TraceText[] }) => {
  if (slow > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, slow);
  const broken = brokenNow();
  parentPort?.postMessage({ ok: true, value: traces.map((t) => judgeOne(judge, t, broken)) });
});
