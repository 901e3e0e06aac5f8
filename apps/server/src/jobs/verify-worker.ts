import { parentPort } from 'node:worker_threads';
import type { TraceText } from '@flywheel/domain/trace';
import type { VerifyAnswer } from '@flywheel/runs/verify-run';
import { findVerifier, judgementOf } from './verifiers.ts';

const judgeOne = (judge: string, trace: TraceText): VerifyAnswer => {
  try {
    const verifier = findVerifier(judge);
    const verdict = verifier.judge(trace);
    return { judgement: verdict ? judgementOf(verifier, trace, verdict) : null };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
};

parentPort?.on('message', ({ judge, traces }: { judge: string; traces: TraceText[] }) => {
  parentPort?.postMessage({ ok: true, value: traces.map((t) => judgeOne(judge, t)) });
});
