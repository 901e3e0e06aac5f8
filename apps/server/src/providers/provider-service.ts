import path from 'node:path';
import type { ChatRequest } from '@flywheel/domain/chat';
import { type Provider, ProviderId, ProviderSettings } from '@flywheel/domain/provider';
import { checkUrl } from '@flywheel/providers/address-guard';
import { ChatFailure } from '@flywheel/providers/chat-failure';
import { Desk, GaveUp } from '@flywheel/providers/desk';
import type { Store } from '@flywheel/store/store';
import { UserError } from '../errors.ts';
import { openKeys, originOf } from './keys.ts';

/** One look at a provider: what was tried, and if it failed, why and what to do. */
export interface TestStep {
  name: string;
  ok: boolean;
  detail: string;
  remedy: string;
}

const TEST_MS = 20_000;

/** Providers as the workspace knows them, and the desk through which they are asked. */
export const providerService = async (home: string, store: Store) => {
  const keys = await openKeys(home);
  const recordings = path.join(home, 'recordings');
  const desk = new Desk(store.answers, recordings);

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
      if (error instanceof ChatFailure) throw new UserError(`baseUrl: ${error.message} ${error.remedy}`);
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

    /** Tries a provider from its address to an answer; stops at the first step that fails. */
    test: async (id: string, signal?: AbortSignal) => {
      const settings = await need(id);
      const began = performance.now();
      const limit = AbortSignal.timeout(TEST_MS);
      const stop = signal ? AbortSignal.any([signal, limit]) : limit;
      const steps: TestStep[] = [];
      let models: string[] = [];
      const step = async (name: string, work: () => Promise<string>): Promise<boolean> => {
        try {
          steps.push({ name, ok: true, detail: await work(), remedy: '' });
          return true;
        } catch (error) {
          steps.push({ name, ok: false, ...whatFailed(error) });
          return false;
        }
      };
      const model = (): string => settings.model || models[0] || '';
      const ok =
        (await step('address', async () => {
          check(settings);
          return originOf(settings) ?? String(settings.recording);
        })) &&
        (await step('key', async () => {
          const key = await keys.describe(settings);
          if (key?.stale)
            throw new UserError(`The saved key is for ${key.origin}. Save the key for this address.`);
          await keys.get(settings);
          return key ? `from the ${key.source === 'saved' ? 'key file' : 'environment'}` : 'none is sent';
        })) &&
        (await step('models', async () => {
          models = await desk.models(settings, await keys.get(settings), stop);
          if (
            settings.model &&
            models.length > 0 &&
            !models.includes(settings.model) &&
            settings.kind !== 'replay'
          )
            throw new UserError(
              `The server does not list "${settings.model}". It lists: ${models.slice(0, 8).join(', ')}.`,
            );
          return models.length === 0 ? 'the server lists none' : `${models.length} listed`;
        })) &&
        (settings.kind === 'replay' ||
          (await step('answer', async () => {
            if (!model())
              throw new UserError('No model is chosen, and the server lists none. Enter its name.');
            const { answer } = await desk.ask({
              request: probe(model()),
              provider: { ...settings, limits: { ...settings.limits, attempts: 1 } },
              key: await keys.get(settings),
              repetition: 0,
              caller: 'test',
              priority: 'high',
              limit: null,
              signal: stop,
              fresh: true,
            });
            return `${model()} answered in ${Math.round(answer.modelMs)} ms${answer.usage.estimated ? '; it does not count tokens, so they are estimated' : ''}`;
          })));
      if (ok && settings.kind !== 'replay') {
        const priced = settings.prices[model()] ?? settings.prices['*'];
        steps.push({
          name: 'price',
          ok: true,
          detail: priced
            ? `$${priced.input} in, $${priced.output} out a million tokens`
            : 'none: costs are unknown',
          remedy: '',
        });
      }
      return { ok, steps, models, milliseconds: Math.round(performance.now() - began) };
    },

    close: () => desk.close(),
  };
};

export type ProviderService = Awaited<ReturnType<typeof providerService>>;

const probe = (model: string): ChatRequest => ({
  model,
  messages: [{ role: 'user', content: 'Answer with the word: yes' }],
  params: { maxTokens: 16, temperature: 0 },
  schema: null,
});

const whatFailed = (error: unknown): { detail: string; remedy: string } => {
  const failure = error instanceof GaveUp ? error.failure : error;
  if (failure instanceof ChatFailure) return { detail: failure.message, remedy: failure.remedy };
  if (failure instanceof UserError) return { detail: failure.message, remedy: '' };
  if (failure instanceof Error && (failure.name === 'TimeoutError' || failure.name === 'AbortError'))
    return {
      detail: `No answer within ${TEST_MS / 1_000} s.`,
      remedy: 'Look whether the server is up and loaded its model.',
    };
  throw error;
};
