import type { ChatAnswer } from '@flywheel/domain/chat';

/** A kept answer, and where it came from. */
export interface CachedAnswer extends ChatAnswer {
  baseUrl: string;
  model: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Where answers are kept by the hash of their question; `packages/store` offers it as `store.answers`. */
export interface AnswerCache {
  get(key: string): CachedAnswer | undefined;
  put(key: string, answer: CachedAnswer): void;
  /** How many of these keys have an answer. */
  has(keys: Iterable<string>): number;
  /** Resolves when every put so far is on disk. */
  flush(): Promise<void>;
}
