/** What a run was asked for does not fit it; the message says what does. */
export class RunError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RunError';
  }
}

/** There is no run of that number. */
export class NotFoundError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotFoundError';
  }
}

/**
 * A handler throws it to hold its own run: going on would harm, or do no good, until someone acts. The message says who
 * must do what, e.g. raise the budget.
 */
export class Held extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Held';
  }
}

/** Why a run's work was told to stop, or to begin nothing new. */
export class Stopped extends Error {
  readonly why: 'cancel' | 'close' | 'pause';

  constructor(why: 'cancel' | 'close' | 'pause') {
    super(
      { cancel: 'The run was cancelled.', close: 'The workspace is closing.', pause: 'The run was paused.' }[
        why
      ],
    );
    this.name = 'AbortError';
    this.why = why;
  }
}
