/** Tokens of prompts that are read in one pass, padding included: attention's memory grows with them, and the first waits for all. */
const READ_TOKENS = 1_024;

/** How many of the first prompts are read in one pass; those that are one array count once. */
export const readable = (prompts: readonly (readonly number[])[]): number => {
  const read = new Set<readonly number[]>();
  let width = 0;
  for (const [i, prompt] of prompts.entries()) {
    read.add(prompt);
    width = Math.max(width, prompt.length);
    if (i > 0 && read.size * width > READ_TOKENS) return i;
  }
  return prompts.length;
};
