/** What the stub judge says of trace number `n`: null = it does not apply. */
export const stubVerdict = (n: number): 'clean' | 'flawed' | null =>
  n % 5 === 0 ? null : n % 3 === 0 ? 'flawed' : 'clean';
