/** Events from callbacks, to be read in order: what is pushed before `end` or `fail` is read before the reader sees that. */
export class EventQueue<T> {
  private events: T[] = [];
  private over: { error: unknown } | 'ended' | null = null;
  private wake: () => void = () => undefined;

  push(event: T): void {
    this.events.push(event);
    this.wake();
  }

  end(): void {
    this.over ??= 'ended';
    this.wake();
  }

  fail(error: unknown): void {
    this.over ??= { error };
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      yield* this.events.splice(0);
      if (this.events.length > 0) continue;
      if (this.over === 'ended') return;
      if (this.over) throw this.over.error;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
