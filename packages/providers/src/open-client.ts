import type { ProviderSettings } from '@flywheel/domain/provider';
import { checkUrl } from './address-guard.ts';
import { anthropicClient } from './anthropic-client.ts';
import { ChatFailure } from './chat-failure.ts';
import type { ProviderClient } from './client.ts';
import { keepKey } from './keep-key.ts';
import { openAiClient } from './openai-client.ts';
import { REPLAY_URL } from './recording.ts';
import { replayClient } from './replay-client.ts';

/** The base URL under which questions to models of the workspace are hashed. */
const LOCAL_URL = 'local:';

/** The address that answers of a provider are kept under. */
export const baseUrlOf = ({ kind, baseUrl }: ProviderSettings): string =>
  kind === 'replay' ? REPLAY_URL : kind === 'local' ? LOCAL_URL : (baseUrl ?? '');

/** What is asked here and not over an address. */
export interface Here {
  /** The folder that `replay` reads from. */
  recordings: string;
  /** Answers for the models of the workspace; absent where there are none. */
  local?: (() => ProviderClient) | undefined;
}

/**
 * A client for these settings.
 *
 * @param key of the provider, already checked to belong to the origin of its base URL
 * @throws ChatFailure when the settings name no address that may be reached
 */
export const openClient = (
  settings: ProviderSettings,
  key: string | null,
  { recordings, local }: Here,
): ProviderClient => {
  if (settings.kind === 'local') {
    if (local) return local();
    throw new ChatFailure('no-such-model', 'There are no local models here.', 'Choose another provider.');
  }
  if (settings.kind === 'replay') return replayClient(recordings, settings.recording ?? '');
  if (settings.baseUrl === null)
    throw new ChatFailure(
      'blocked-address',
      `Provider ${settings.id} has no base URL.`,
      'Enter it in Settings.',
    );
  checkUrl(settings.baseUrl, settings.allowPrivate);
  const { timeoutSeconds } = settings.limits;
  const options = {
    baseUrl: settings.baseUrl,
    key,
    allowPrivate: settings.allowPrivate,
    timeoutMs: timeoutSeconds * 1_000,
  };
  return keepKey(settings.kind === 'anthropic' ? anthropicClient(options) : openAiClient(options), key);
};
