export type Priority = 'low' | 'normal' | 'high';
const RANK: Record<Priority, number> = { high: 0, normal: 1, low: 2 };
const rankOf = (priority: Priority | undefined): number => RANK[priority ?? 'normal'];

interface Waiting {
  priority: Priority | undefined;
  begin: () => void;
}

/** Work that goes one after another: the highest priority first, then in order of arrival. */
export class Lane {
  private readonly waiting: Waiting[] = [];
  private busy = false;

  /** Resolves when `work` has ended; it never rejects, as `work` must not. */
  add(priority: Priority | undefined, work: () => Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        this.busy = true;
        work().finally(() => {
          this.busy = false;
          resolve();
          this.next();
        });
      };
      this.waiting.push({ priority, begin });
      if (!this.busy) queueMicrotask(() => this.next());
    });
  }

  private next(): void {
    if (this.busy || this.waiting.length === 0) return;
    const best = this.waiting.reduce((a, b) => (rankOf(b.priority) < rankOf(a.priority) ? b : a));
    this.waiting.splice(this.waiting.indexOf(best), 1);
    best.begin();
  }
}
