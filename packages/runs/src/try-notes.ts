import type { RunLive } from '@flywheel/domain/run-live';

const AT_ONCE = 3;

/** Tells of tries that failed, a few one by one and the rest of a burst as a number: a dead provider must not flood the log. */
export class TryNotes {
  private readonly tell: (live: RunLive) => void;
  private told = 0;

  constructor(tell: (live: RunLive) => void) {
    this.tell = tell;
  }

  add(text: string): void {
    if (++this.told <= AT_ONCE) this.tell({ type: 'note', at: Date.now(), level: 'warn', text });
  }

  /** Ends a burst; called about once a second. */
  flush(): void {
    const more = this.told - AT_ONCE;
    if (more > 0)
      this.tell({ type: 'note', at: Date.now(), level: 'warn', text: `${more} more tries failed so.` });
    this.told = 0;
  }
}
