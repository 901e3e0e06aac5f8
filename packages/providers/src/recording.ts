import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { ChatAnswer, ChatRequest } from '@flywheel/domain/chat';
import { z } from 'zod';
import { cacheKey } from './cache-key.ts';
import { ChatFailure } from './chat-failure.ts';

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

/** A recording's answers, by what they answer. */
export interface Recording {
  byKey: Map<string, RecordedAnswer>;
  byText: RecordedAnswer[];
}

/** JSON Lines for {@link readRecording}: each question's answer under its key. */
export const recordingOf = (entries: Iterable<{ request: ChatRequest; answer: ChatAnswer }>): string => {
  let lines = '';
  for (const { request, answer } of entries) {
    const { text, finish, usage, modelMs } = answer;
    const key = cacheKey(REPLAY_URL, request, 0);
    const line: RecordedAnswer = { key, text, finish, input: usage.input, output: usage.output, modelMs };
    lines += `${JSON.stringify(line)}\n`;
  }
  return lines;
};

/**
 * Reads a recording: JSON Lines of {@link RecordedAnswer}.
 *
 * @param folder that no path leads out of, by `..` or by a link
 * @throws ChatFailure that names the file, or the line that is no answer
 */
export const readRecording = async (folder: string, file: string): Promise<Recording> => {
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
