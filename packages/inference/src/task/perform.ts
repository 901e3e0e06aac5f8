import type {
  GenerateTask,
  LocalAnswer,
  LocalTask,
  ScoreTask,
  TaskPrompt,
} from '@flywheel/domain/local-task';
import type { Generated, GenerateRequest } from '../generate/generate.ts';
import type { Score } from '../score/score.ts';
import type { WorkerClient } from '../worker-client.ts';
import { pieceScores } from './pieces.ts';

/** A loaded model, in a worker of whatever kind. */
export interface TaskModel {
  client: Pick<WorkerClient, 'call'>;
  /** Tokens that a row may have. */
  context: number;
}

export interface PerformOptions {
  signal?: AbortSignal | undefined;
  /** Told how many more tokens were read or written, as it goes. */
  onTokens?: ((tokens: number) => void) | undefined;
}

/**
 * Does tasks with a model. Each has its own answer, whatever was beside it; one that the model cannot take (too long for it)
 * is `failed` and holds no other up.
 *
 * @throws WorkerFailure when the model itself fails: then none of them has an answer
 */
export const performTasks = async (
  model: TaskModel,
  tasks: readonly LocalTask[],
  options: PerformOptions = {},
): Promise<LocalAnswer[]> => {
  const answers: LocalAnswer[] = new Array(tasks.length);
  const prompts = await promptTokens(model, tasks);
  const put = (of: readonly number[], made: readonly LocalAnswer[]): void => {
    for (const [i, at] of of.entries()) answers[at] = made[i] as LocalAnswer;
  };
  const ofKind = (kind: LocalTask['kind']): number[] =>
    tasks.flatMap((task, i) => (task.kind === kind ? [i] : []));
  const toScore = ofKind('score');
  const toWrite = ofKind('generate');
  const own = (of: readonly number[]) => of.map((i) => prompts[i] ?? []);
  put(
    toScore,
    await scoreAll(
      model,
      toScore.map((i) => tasks[i] as ScoreTask),
      own(toScore),
      options,
    ),
  );
  put(
    toWrite,
    await writeAll(
      model,
      toWrite.map((i) => tasks[i] as GenerateTask),
      own(toWrite),
      options,
    ),
  );
  return answers;
};

/** What each task's prompt is in tokens. */
const promptTokens = async ({ client }: TaskModel, tasks: readonly LocalTask[]): Promise<number[][]> => {
  const texts: { text: string; special: boolean }[] = [];
  for (const { prompt } of tasks) texts.push(await promptText(client, prompt));
  const encode = async (special: boolean): Promise<number[][]> => {
    const own = texts.filter((t) => t.special === special).map((t) => t.text);
    return own.length === 0 ? [] : client.call('encode', { texts: own, special });
  };
  const [rendered, plain] = [await encode(false), await encode(true)];
  return texts.map(({ special }) => (special ? plain : rendered).shift() ?? []);
};

/** A rendered conversation has the model's special tokens in it; plain text is given them. */
const promptText = async (client: TaskModel['client'], prompt: TaskPrompt) =>
  prompt.kind === 'chat'
    ? { text: await client.call('render', { messages: prompt.messages }), special: false }
    : { text: prompt.text, special: true };

const scoreAll = async (
  { client, context }: TaskModel,
  tasks: readonly ScoreTask[],
  prompts: readonly (readonly number[])[],
  { signal, onTokens }: PerformOptions,
): Promise<LocalAnswer[]> => {
  if (tasks.length === 0) return [];
  const texts = await client.call('encode', { texts: tasks.map(({ pieces }) => pieces.join('')) });
  const refusals = texts.map((ids, i) => scoreRefusal(prompts[i]?.length ?? 0, ids.length, context));
  const able = tasks.flatMap((_, i) => (refusals[i] === null ? [i] : []));
  const rows = able.map((i) => [...(prompts[i] ?? []), ...(texts[i] ?? [])]);
  const onTold = ({ tokens }: { tokens: number }): void => onTokens?.(tokens);
  const [scores, starts] = await Promise.all([
    client.call('score', { texts: rows }, { signal, onTold }),
    client.call('starts', { texts: able.map((i) => texts[i] ?? []) }),
  ]);
  return tasks.map(({ pieces }, i): LocalAnswer => {
    const message = refusals[i] ?? null;
    if (message !== null) return { kind: 'failed', message };
    const k = able.indexOf(i);
    const promptTokens = prompts[i]?.length ?? 0;
    return {
      kind: 'score',
      promptTokens,
      pieces: pieceScores(pieces, starts[k] ?? [], scores[k] as Score, promptTokens - 1),
    };
  });
};

const scoreRefusal = (prompt: number, text: number, context: number): string | null => {
  if (prompt === 0)
    return 'The prompt has no tokens: the first token of a text has nothing to be predicted from.';
  if (text === 0) return 'There is no text to score.';
  return prompt + text <= context
    ? null
    : `Prompt and text have ${prompt + text} tokens, but the model takes ${context}.`;
};

const writeAll = async (
  { client, context }: TaskModel,
  tasks: readonly GenerateTask[],
  prompts: readonly (readonly number[])[],
  { signal, onTokens }: PerformOptions,
): Promise<LocalAnswer[]> => {
  if (tasks.length === 0) return [];
  const beginnings = await client.call('encode', { texts: tasks.flatMap(({ prefixes }) => prefixes) });
  const requests: GenerateRequest[] = [];
  const rows: { task: number; prefix: number; sample: number }[] = [];
  const refusals: (string | null)[] = [];
  let at = 0;
  for (const [t, task] of tasks.entries()) {
    const starts = task.prefixes.map(() => [...(prompts[t] ?? []), ...(beginnings[at++] ?? [])]);
    const longest = Math.max(...starts.map((ids) => ids.length));
    const empty = starts.some((ids) => ids.length === 0);
    refusals.push(
      empty
        ? 'The prompt has no tokens: a model continues at least one.'
        : longest >= context
          ? `The prompt has ${longest} tokens; with ${context} in all, no room is left for an answer.`
          : null,
    );
    if (refusals[t] !== null) continue;
    for (const [prefix, prompt] of starts.entries())
      for (let sample = 0; sample < task.n; sample++) {
        rows.push({ task: t, prefix, sample });
        // Samples share one array of tokens, so that the engine reads it once.
        requests.push({
          prompt,
          maxTokens: task.maxTokens,
          sampling: task.sampling,
          seed: task.seed + prefix * task.n + sample,
          stop: task.stop,
        });
      }
  }
  const onTold = (): void => onTokens?.(1);
  const made: Generated[] =
    requests.length === 0 ? [] : await client.call('generate', { requests }, { signal, onTold });
  return tasks.map((_, t): LocalAnswer => {
    const message = refusals[t] ?? null;
    if (message !== null) return { kind: 'failed', message };
    return {
      kind: 'generate',
      promptTokens: prompts[t]?.length ?? 0,
      samples: rows.flatMap(({ task, prefix, sample }, r) => {
        const { ids, text, logprobs, finish } = made[r] as Generated;
        if (task !== t) return [];
        const logprob = logprobs.reduce((sum, p) => sum + p, 0);
        return [{ prefix, sample, text, tokens: ids.length, logprob, finish }];
      }),
    };
  });
};
