import type { ChatAnswer } from '@flywheel/domain/chat';

/** What came of a call: the answer, and what it took to get it. */
export interface Outcome {
  answer: ChatAnswer;
  attempts: number;
  /** Milliseconds that were waited for places and between tries. */
  queueMs: number;
  cost: number | null;
}

interface Asker {
  reject(reason: unknown): void;
  hold: AbortSignal | undefined;
  onText: ((delta: string) => void) | undefined;
  onTry: ((text: string) => void) | undefined;
  /** Whether it was told some of the text of this try. */
  told: boolean;
}

export interface AskerSignals {
  /** Leaves whatever happens. */
  signal: AbortSignal;
  /** Leaves as long as nothing is under way at the model. */
  hold?: AbortSignal | undefined;
  /** The text as it comes, whole or in pieces. After a failed try, which `onTry` tells, it begins anew. */
  onText?: ((delta: string) => void) | undefined;
  onTry?: ((text: string) => void) | undefined;
}

/**
 * One question that is being answered, and all who wait for it. Who leaves takes nothing from the others; when the last one
 * has left, the call is aborted.
 */
export class CallFlight {
  private readonly controller = new AbortController();
  private readonly askers = new Set<Asker>();
  private sent = false;
  /** The text of this try, for those who join late. */
  private soFar = '';
  private settle: (outcome: Promise<Outcome>) => void = () => undefined;
  private readonly result = new Promise<Outcome>((resolve) => {
    this.settle = resolve;
  });

  /** Aborted when nobody waits any more. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether new askers may still join. */
  get open(): boolean {
    return !this.controller.signal.aborted;
  }

  /** Begins the call; once. */
  begin(work: () => Promise<Outcome>): void {
    // Each asker awaits it for itself; with none left there is nobody to tell.
    this.result.catch(() => undefined);
    this.settle(work());
  }

  /** The call is at the model now, or not any more: then those who were told to hold leave. */
  atModel(sent: boolean): void {
    this.sent = sent;
    if (sent) return;
    for (const asker of [...this.askers]) if (asker.hold?.aborted) asker.reject(asker.hold.reason);
  }

  text(delta: string): void {
    this.soFar += delta;
    for (const asker of this.askers) {
      asker.told = true;
      asker.onText?.(delta);
    }
  }

  tried(text: string): void {
    this.soFar = '';
    for (const asker of this.askers) {
      asker.told = false;
      asker.onTry?.(text);
    }
  }

  /** Whether someone wants the text as it comes. */
  get streams(): boolean {
    return [...this.askers].some((a) => a.onText !== undefined);
  }

  /** Waits for the outcome as one of the askers. */
  join({ signal, hold, onText, onTry }: AskerSignals): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        signal.removeEventListener('abort', abort);
        hold?.removeEventListener('abort', held);
        this.askers.delete(asker);
      };
      const asker: Asker = {
        hold,
        onText,
        onTry,
        told: this.soFar !== '',
        reject: (reason) => {
          leave();
          reject(reason);
          if (this.askers.size === 0) this.controller.abort(reason);
        },
      };
      const abort = (): void => asker.reject(signal.reason);
      const held = (): void => {
        if (!this.sent) asker.reject(hold?.reason);
      };
      this.askers.add(asker);
      signal.addEventListener('abort', abort, { once: true });
      hold?.addEventListener('abort', held, { once: true });
      if (signal.aborted) return abort();
      if (hold?.aborted) held();
      if (asker.told) onText?.(this.soFar);
      this.result.then(
        (outcome) => {
          leave();
          if (!asker.told) onText?.(outcome.answer.text);
          resolve(outcome);
        },
        (error) => {
          leave();
          reject(error);
        },
      );
    });
  }
}
