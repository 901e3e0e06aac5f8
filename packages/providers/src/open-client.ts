import type { ProviderSettings } from '@flywheel/domain/provider';
import { checkUrl } from './address-guard.ts';
import { anthropicClient } from './anthropic-client.ts';
import { ChatFailure } from './chat-failure.ts';
import type { ProviderClient } from './client.ts';
import { keepKey } from './keep-key.ts';
import { openAiClient } from './openai-client.ts';
import { REPLAY_URL } from './recording.ts';
import { replayClient } from './replay-client.ts';

/** The address that answers of a provider are kept under. */
export const baseUrlOf = (settings: ProviderSettings): string =>
  settings.kind === 'replay' ? REPLAY_URL : (settings.baseUrl ?? '');

/**
 * A client for these settings.
 *
 * @param key of the provider, already checked to belong to the origin of its base URL
 * @param recordings the folder that `replay` reads from
 * @throws ChatFailure when the settings name no address that may be reached
 */
export const openClient = (
  settings: ProviderSettings,
  key: string | null,
  { recordings }: { recordings: string },
): ProviderClient => {
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
