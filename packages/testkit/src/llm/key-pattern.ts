import type { KeyOf } from './chat-call.ts';

/** The first group (or all) of what `pattern` first matches in a prompt, as its key. */
export const keyByPattern = (pattern: string): KeyOf => {
  const expression = new RegExp(pattern);
  return (text) => {
    const match = expression.exec(text);
    return match?.[1] ?? match?.[0];
  };
};
