export type Priority = 'low' | 'normal' | 'high';
const WEIGHT: Record<Priority, number> = { high: 4, normal: 2, low: 1 };

/** Who waits for a place. */
export interface Waiter {
  /** Calls of one caller share its turns. */
  caller: string;
  priority: Priority;
  /** Calls that this caller may have in flight. */
  limit: number;
}

interface Line<W> {
  waiting: Set<W>;
  /** As its newest waiter came with them: a caller that is tuned while calls wait has them hold for all of its calls. */
  limit: number;
  priority: Priority;
  inFlight: number;
  /** Turns taken, each by the inverse of its weight: the line with the least is next. */
  pass: number;
}

/**
 * Turns between callers, in proportion to their priorities (stride scheduling, Waldspurger 1995), first come first served
 * within a caller. A caller that comes back after a pause has saved up nothing.
 */
export class FairQueue<W extends Waiter> {
  private readonly lines = new Map<string, Line<W>>();
  /** The pass of the last turn: where a newcomer begins. */
  private clock = 0;
  private count = 0;

  get waiting(): number {
    return this.count;
  }

  inFlight(caller: string): number {
    return this.lines.get(caller)?.inFlight ?? 0;
  }

  waitingOf(caller: string): number {
    return this.lines.get(caller)?.waiting.size ?? 0;
  }

  add(waiter: W): void {
    const { caller, limit, priority } = waiter;
    const line = this.lines.get(caller) ?? {
      waiting: new Set(),
      limit,
      priority,
      inFlight: 0,
      pass: this.clock,
    };
    line.limit = limit;
    line.priority = priority;
    if (line.waiting.size === 0) line.pass = Math.max(line.pass, this.clock);
    line.waiting.add(waiter);
    this.lines.set(caller, line);
    this.count++;
  }

  /** Takes one out of the line that did not get its turn. */
  remove(waiter: W): void {
    const line = this.lines.get(waiter.caller);
    if (line?.waiting.delete(waiter)) this.count--;
    this.tidy(waiter.caller);
  }

  /** Who is next, without taking it; null when nobody may go. */
  peek(): W | null {
    let best: { line: Line<W>; first: W } | null = null;
    for (const line of this.lines.values()) {
      const [first] = line.waiting;
      if (!first || line.inFlight >= line.limit) continue;
      if (!best || line.pass < best.line.pass) best = { line, first };
    }
    return best?.first ?? null;
  }

  /** `waiter`, which {@link peek} gave, takes its turn. */
  take(waiter: W): void {
    const line = this.lines.get(waiter.caller);
    if (!line?.waiting.delete(waiter)) return;
    this.count--;
    this.clock = line.pass;
    line.pass += 1 / WEIGHT[line.priority];
    line.inFlight++;
  }

  /** A call of this caller ended. */
  done(caller: string): void {
    const line = this.lines.get(caller);
    if (line) line.inFlight--;
    this.tidy(caller);
  }

  private tidy(caller: string): void {
    const line = this.lines.get(caller);
    if (line && line.waiting.size === 0 && line.inFlight <= 0) this.lines.delete(caller);
  }
}
