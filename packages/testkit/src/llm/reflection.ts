const FENCE = /^(`{3,})[^\n`]*\n([\s\S]*?)\n\1[ \t]*$/m;

/**
 * The prompt in the first code fence of `text` with the first piece of advice that it lacks added as a last line, in a
 * fence of its own; unchanged when it has them all. With `lifts` of `goldAnswers` on the same advice, each accepted
 * proposal has a known gain. Throws when the text holds no fence.
 */
export const reflect = (text: string, advice: readonly string[]): string => {
  const [, fence, prompt] = FENCE.exec(text) ?? [];
  if (fence === undefined || prompt === undefined)
    throw new Error('the reflection prompt has no code fence: put the prompt to improve into one');
  const missing = advice.find((line) => !prompt.includes(line));
  return `${fence}\n${missing === undefined ? prompt : `${prompt}\n${missing}`}\n${fence}`;
};
