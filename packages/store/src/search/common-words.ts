/** One in so many texts is looked at. */
const ONE_IN = 512;
/** A word in at least this share of the texts is common. */
const SHARE = 0.1;
const AT_MOST = 64;
const FEWEST = 40;

/** Which words are in many of the texts that were added, told from a sample of them. */
export class CommonWords {
  private readonly counts = new Map<string, number>();
  private seen = 0;
  private texts = 0;

  add(text: string): void {
    if (this.texts++ % ONE_IN !== 0) return;
    this.seen++;
    for (const word of new Set(text.toLowerCase().match(/[a-z0-9]+/g)))
      this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
  }

  /** The most frequent first; none while the sample is small. Begins anew with what is added from then on. */
  take(): string[] {
    const { seen } = this;
    const words = [...this.counts].filter(([, n]) => n >= SHARE * seen).sort((a, b) => b[1] - a[1]);
    this.counts.clear();
    this.seen = 0;
    return seen < FEWEST ? [] : words.slice(0, AT_MOST).map(([word]) => word);
  }
}
