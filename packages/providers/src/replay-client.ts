import type { ChatRequest } from '@flywheel/domain/chat';
import { cacheKey } from './cache-key.ts';
import { ChatFailure } from './chat-failure.ts';
import type { ProviderClient } from './client.ts';
import { REPLAY_URL, type RecordedAnswer, type Recording, readRecording } from './recording.ts';

/**
 * Answers from a recorded file (JSON Lines of {@link RecordedAnswer}) in the folder `recordings`. The key of a line is the
 * {@link cacheKey} of a question with base URL {@link REPLAY_URL} and repetition 0.
 */
export const replayClient = (recordings: string, file: string): ProviderClient => {
  let loading: Promise<Recording> | null = null;
  const recording = (): Promise<Recording> => {
    loading ??= readRecording(recordings, file).catch((error) => {
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

const holds = (request: ChatRequest, { contains }: RecordedAnswer): boolean =>
  contains !== undefined && request.messages.some((m) => m.content.includes(contains));
