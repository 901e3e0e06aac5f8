import type { PromptFrame } from '@flywheel/domain/local-run';
import type { TaskPrompt } from '@flywheel/domain/local-task';

/** A problem as a model is asked it. What the problem says is never taken for a placeholder. */
export const promptOf = (frame: PromptFrame, problem: string): TaskPrompt => {
  const put = (text: string): string => text.replaceAll('{problem}', () => problem);
  if (frame.kind === 'text') return { kind: 'text', text: put(frame.text) };
  return {
    kind: 'chat',
    messages: [
      ...(frame.system === '' ? [] : [{ role: 'system' as const, content: put(frame.system) }]),
      { role: 'user' as const, content: put(frame.user) },
    ],
  };
};

/** Steps as the model would have written them: each on its line, and the next behind a line break. */
export const asPieces = (steps: readonly string[]): string[] =>
  steps.map((step, i) => (i + 1 < steps.length ? `${step}\n` : step));

/** The beginning of an answer that has the first `count` steps behind it; '' before the first. */
export const beginningOf = (steps: readonly string[], count: number): string =>
  steps
    .slice(0, count)
    .map((step) => `${step}\n`)
    .join('');
