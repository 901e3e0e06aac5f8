import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { ChatRequest } from '@flywheel/domain/chat';
import { z } from 'zod';
import { cacheKey } from './cache-key.ts';
import { ChatFailure } from './chat-failure.ts';
import type { ProviderClient } from './client.ts';

/** One line of a recording. `contains`: answers any question in which this text stands, where no key fits. */
export const RecordedAnswer = z.object({
  key: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  contains: z.string().min(1).optional(),
  text: z.string(),
  finish: z.enum(['stop', 'length', 'refusal', 'other']).default('stop'),
  input: z.number().int().min(0).default(0),
  output: z.number().int().min(0).default(0),
  /** How long it took, in milliseconds; a replay does not wait. */
  modelMs: z.number().min(0).default(0),
});
export type RecordedAnswer = z.infer<typeof RecordedAnswer>;

/** The base URL under which questions to a recording are hashed. */
export const REPLAY_URL = 'replay:';

/**
 * Answers from a recorded file (JSON Lines of {@link RecordedAnswer}) in the folder `recordings`. The key of a line is the
 * {@link cacheKey} of a question with base URL {@link REPLAY_URL} and repetition 0.
 */
export const replayClient = (recordings: string, file: string): ProviderClient => {
  let loading: Promise<Recording> | null = null;
  const recording = (): Promise<Recording> => {
    loading ??= load(recordings, file).catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  return {
    complete: async (request, { signal, onText }) => {
      const { byKey, byText } = await recording();
      signal.throwIfAborted();
      const found = byKey.get(cacheKey(REPLAY_URL, request, 0)) ?? byText.find((a) => holds(request, a));
      if (!found)
        throw new ChatFailure(
          'refused-request',
          `The recording ${file} holds no answer to this question.`,
          'Record one with this prompt, model and these parameters, or choose another provider.',
        );
      onText?.(found.text);
      const { text, finish, input, output, modelMs } = found;
      return { text, finish, usage: { input, output, estimated: false }, modelMs };
    },
    models: async () => {
      await recording();
      return ['recorded'];
    },
    close: async () => undefined,
  };
};

interface Recording {
  byKey: Map<string, RecordedAnswer>;
  byText: RecordedAnswer[];
}

const holds = (request: ChatRequest, { contains }: RecordedAnswer): boolean =>
  contains !== undefined && request.messages.some((m) => m.content.includes(contains));

const load = async (folder: string, file: string): Promise<Recording> => {
  const lost = (message: string, cause: unknown): ChatFailure =>
    new ChatFailure('blocked-address', message, `Put the recording into ${folder}.`, { cause });
  const root = await realpath(folder).catch((cause) => {
    throw lost(`There is no folder ${folder}.`, cause);
  });
  const target = await realpath(path.join(root, file)).catch((cause) => {
    throw lost(`There is no recording ${file}.`, cause);
  });
  if (!target.startsWith(root + path.sep)) throw lost(`${file} lies outside of the recordings.`, null);
  const recording: Recording = { byKey: new Map(), byText: [] };
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(target),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number++;
    if (line.trim() === '') continue;
    let answer: RecordedAnswer;
    try {
      answer = RecordedAnswer.parse(JSON.parse(line));
    } catch (cause) {
      throw new ChatFailure(
        'bad-response',
        `Line ${number} of the recording ${file} is not a recorded answer.`,
        'Mend or remove that line.',
        { cause },
      );
    }
    if (answer.key) recording.byKey.set(answer.key, answer);
    else recording.byText.push(answer);
  }
  return recording;
};
