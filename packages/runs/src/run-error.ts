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

/** Why a run's work was told to stop. */
export class Stopped extends Error {
  readonly why: 'cancel' | 'close';

  constructor(why: 'cancel' | 'close') {
    super(why === 'cancel' ? 'The run was cancelled.' : 'The workspace is closing.');
    this.name = 'AbortError';
    this.why = why;
  }
}
