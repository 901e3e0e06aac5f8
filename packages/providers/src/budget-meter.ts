import type { Budget } from '@flywheel/domain/critique';

export interface Amount {
  tokens: number;
  /** US dollars; null where the model has no price. */
  cost: number | null;
}

/** The budget does not allow another call. */
export class BudgetSpent extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BudgetSpent';
  }
}

/**
 * Keeps a run within its budget of tokens and money. Before a call the most that it may use is put aside, afterwards what it
 * did use is taken: so the budget is never passed, whatever the answers' lengths. `budget` is read anew at every call.
 */
export class BudgetMeter {
  private readonly budget: () => Budget;
  private used: { tokens: number; cost: number };
  private aside = { tokens: 0, cost: 0 };
  private readonly waiting = new Set<() => void>();

  constructor(budget: () => Budget, used: Amount) {
    this.budget = budget;
    this.used = { tokens: used.tokens, cost: used.cost ?? 0 };
  }

  /**
   * Puts `most` aside, after waiting for calls in flight where they may leave enough.
   *
   * @returns what to call with the amount that was used, null when nothing was
   * @throws BudgetSpent when the call does not fit any more
   */
  async reserve(most: Amount, signal: AbortSignal): Promise<(actual: Amount | null) => void> {
    for (;;) {
      signal.throwIfAborted();
      const why = this.over(most, this.aside);
      if (why === null) break;
      const alone = this.over(most, { tokens: 0, cost: 0 });
      if (alone !== null) throw new BudgetSpent(alone);
      await this.change(signal);
    }
    const put = { tokens: most.tokens, cost: most.cost ?? 0 };
    this.aside = { tokens: this.aside.tokens + put.tokens, cost: this.aside.cost + put.cost };
    return (actual) => {
      this.aside = { tokens: this.aside.tokens - put.tokens, cost: this.aside.cost - put.cost };
      if (actual)
        this.used = { tokens: this.used.tokens + actual.tokens, cost: this.used.cost + (actual.cost ?? 0) };
      for (const wake of [...this.waiting]) wake();
    };
  }

  /** Why `most` more would pass the budget, or null. */
  private over(most: Amount, aside: { tokens: number; cost: number }): string | null {
    const { tokens, money } = this.budget();
    if (tokens !== null && this.used.tokens + aside.tokens + most.tokens > tokens)
      return `The budget of ${tokens.toLocaleString('en')} tokens is used up: ${this.used.tokens.toLocaleString('en')} were used, and the next call may take ${most.tokens.toLocaleString('en')}. Raise it and resume.`;
    if (money === null) return null;
    if (most.cost === null)
      return 'The budget is in dollars, but the model has no price. Enter its price in Settings, or set a budget in tokens.';
    if (this.used.cost + aside.cost + most.cost > money)
      return `The budget of $${money} is used up: $${this.used.cost.toFixed(4)} was spent, and the next call may cost $${most.cost.toFixed(4)}. Raise it and resume.`;
    return null;
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
