import path from 'node:path';
import { type Provider, ProviderId, ProviderSettings } from '@flywheel/domain/provider';
import { checkUrl } from '@flywheel/providers/address-guard';
import { ChatFailure } from '@flywheel/providers/chat-failure';
import type { ProviderClient } from '@flywheel/providers/client';
import { Desk } from '@flywheel/providers/desk';
import type { Store } from '@flywheel/store/store';
import { UserError } from '../errors.ts';
import { openKeys, originOf } from './keys.ts';
import { type ProviderTest, type TestPorts, testProvider } from './test-provider.ts';

const TEST_MS = 20_000;

/** Providers as the workspace knows them, and the desk through which they are asked. */
export const providerService = async (home: string, store: Store, local: () => ProviderClient) => {
  const keys = await openKeys(home);
  const recordings = path.join(home, 'recordings');
  const desk = new Desk(store.answers, recordings, local);

  const need = async (id: string): Promise<ProviderSettings> => {
    const found = (await store.providers.list()).find((p) => p.id === id);
    if (!found)
      throw new UserError(
        `There is no provider ${id}. Add it in Settings, or with: flywheel provider add ${id}`,
        'NOT_FOUND',
      );
    return found;
  };
  const shown = async (settings: ProviderSettings): Promise<Provider> => ({
    ...settings,
    key: await keys.describe(settings),
  });

  /** Refuses what could never be reached, before it is kept. */
  const check = (settings: ProviderSettings): void => {
    if (settings.kind === 'local') return;
    if (settings.kind === 'replay') {
      if (!settings.recording)
        throw new UserError('recording: name a file in the folder recordings/ of the workspace.');
      if (path.isAbsolute(settings.recording) || settings.recording.split(/[\\/]/).includes('..'))
        throw new UserError('recording: must lie in the folder recordings/ of the workspace.');
      return;
    }
    if (settings.baseUrl === null)
      throw new UserError('baseUrl: enter the address, e.g. http://127.0.0.1:8000/v1.');
    try {
      checkUrl(settings.baseUrl, settings.allowPrivate);
    } catch (error) {
      if (error instanceof ChatFailure)
        throw new UserError(`baseUrl: ${error.message}`, 'BAD_REQUEST', { remedy: error.remedy });
      throw error;
    }
  };

  return {
    desk,
    recordings,
    need,
    keyOf: (settings: ProviderSettings) => keys.get(settings),
    list: async (): Promise<Provider[]> => Promise.all((await store.providers.list()).map(shown)),

    /** Keeps settings; `key` replaces the saved one, null removes it, absent leaves it. */
    save: async (settings: ProviderSettings, key?: string | null): Promise<Provider> => {
      const parsed = ProviderSettings.parse(settings);
      check(parsed);
      if (typeof key === 'string' && /[^\x21-\x7e]/.test(key))
        throw new UserError(
          'key: it holds a blank, a line break or a letter that no key has. Paste it again.',
        );
      // The key first: a key file that cannot be written leaves the settings as they were.
      if (key === null) await keys.remove(parsed.id);
      else if (key !== undefined && key !== '') await keys.set(parsed, key);
      await store.providers.save(parsed);
      desk.configure(parsed);
      return shown(parsed);
    },

    /** Removes the settings; a saved key stays, encrypted, so that the removal can be taken back, until `forget`. */
    remove: async (id: string, { forget = false }: { forget?: boolean } = {}): Promise<ProviderSettings> => {
      const settings = await need(id);
      await store.providers.remove(ProviderId.parse(id));
      if (forget) await keys.remove(id);
      return settings;
    },

    models: async (id: string, signal: AbortSignal): Promise<string[]> => {
      const settings = await need(id);
      return desk.models(settings, await keys.get(settings), signal);
    },

    /** Tries a provider as it was saved, from its address to an answer. */
    test: async (id: string, signal?: AbortSignal): Promise<ProviderTest> => {
      const settings = await need(id);
      const limit = AbortSignal.timeout(TEST_MS);
      const stop = signal ? AbortSignal.any([signal, limit]) : limit;
      const ports: TestPorts = {
        address: () => {
          check(settings);
          if (settings.kind === 'local') return 'the models of this workspace';
          return originOf(settings) ?? String(settings.recording);
        },
        key: async () => {
          await keys.get(settings);
          return keys.describe(settings);
        },
        models: async () => desk.models(settings, await keys.get(settings), stop),
        ask: async (request) => {
          const { answer } = await desk.ask({
            request,
            provider: { ...settings, limits: { ...settings.limits, attempts: 1 } },
            key: await keys.get(settings),
            repetition: 0,
            caller: 'test',
            priority: 'high',
            limit: null,
            signal: stop,
            fresh: true,
          });
          return answer;
        },
      };
      return testProvider(settings, ports, TEST_MS);
    },

    close: () => desk.close(),
  };
};

export type ProviderService = Awaited<ReturnType<typeof providerService>>;
