import type { ChatRequest } from '@flywheel/domain/chat';
import { ProviderSettings } from '@flywheel/domain/provider';
import type { AnswerCache, CachedAnswer } from './answer-cache.ts';

export const question = (text = 'How many ducks?', more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'stub-1',
  messages: [
    { role: 'system', content: 'You check steps.' },
    { role: 'user', content: text },
  ],
  params: { maxTokens: 100, temperature: 0 },
  schema: null,
  ...more,
});

export const settings = (
  baseUrl: string,
  more: { [K in keyof ProviderSettings]?: unknown } & { kind?: 'openai' | 'anthropic' | 'replay' } = {},
): ProviderSettings =>
  ProviderSettings.parse({
    id: 'stub',
    kind: 'openai',
    baseUrl,
    model: 'stub-1',
    ...more,
  });

/** An answer cache in memory. */
export class MemoryCache implements AnswerCache {
  readonly answers = new Map<string, CachedAnswer>();
  get(key: string): CachedAnswer | undefined {
    return this.answers.get(key);
  }
  put(key: string, answer: CachedAnswer): void {
    this.answers.set(key, answer);
  }
  has(keys: Iterable<string>): number {
    return [...keys].filter((key) => this.answers.has(key)).length;
  }
  async flush(): Promise<void> {}
}

/** What an awaited promise was rejected with. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => {
      throw new Error(`It should have failed, but gave ${JSON.stringify(value)}.`);
    },
    (error) => error,
  );
