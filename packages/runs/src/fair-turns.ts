/** Works that may begin in one turn of the event loop. */
const A_TURN = 4;

/**
 * Lets works begin a few in each turn of the event loop. A model's answers come in bursts, and what each sets going takes
 * a good part of a millisecond: all of a burst at once, every other request to this process would wait for the last.
 */
export class FairTurns {
  private readonly waiting: (() => void)[] = [];
  private due = false;

  /** Resolves when the caller may begin; in order of arrival. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.due || this.waiting.length === 0) return;
    this.due = true;
    setImmediate(() => {
      this.due = false;
      for (const begin of this.waiting.splice(0, A_TURN)) begin();
      this.schedule();
    });
  }
}
