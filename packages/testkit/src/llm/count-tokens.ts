const PER_WORD = 1.3;

/** Tokens as the stub counts them: 1.3 a word, rounded. A word is a run of anything but blanks (code units <= 32). */
export const stubTokens = (text: string): number => {
  let words = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i++) {
    const ink = text.charCodeAt(i) > 32;
    if (ink && !inWord) words++;
    inWord = ink;
  }
  return Math.round(words * PER_WORD);
};

/** The longest beginning of `text` that counts at most `tokens`, cut before a blank. */
export const cutToTokens = (text: string, tokens: number): string => {
  let words = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i++) {
    const ink = text.charCodeAt(i) > 32;
    if (ink && !inWord && Math.round(++words * PER_WORD) > tokens) return text.slice(0, i).trimEnd();
    inWord = ink;
  }
  return text;
};
