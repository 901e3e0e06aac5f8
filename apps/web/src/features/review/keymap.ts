/** What a key asks for. The design's map (section 11), and nothing else. */
export type Command =
  | 'step-next'
  | 'step-previous'
  | 'trace-next'
  | 'trace-previous'
  | 'good'
  | 'neutral'
  | 'bad'
  | 'first-error'
  | 'clean'
  | 'category'
  | 'rationale'
  | 'correct'
  | 'flag'
  | 'skip'
  | 'give-up'
  | 'commit'
  | 'undo'
  | 'peek'
  | 'unlabelled';

/** Shown in the session panel and in the buttons; the order is the order of work. */
export const KEYS: readonly { keys: readonly string[]; text: string; commands: readonly Command[] }[] = [
  { keys: ['j', 'k'], text: 'next, previous step', commands: ['step-next', 'step-previous'] },
  { keys: ['n', 'p'], text: 'next, previous trace', commands: ['trace-next', 'trace-previous'] },
  { keys: ['1', '2', '3'], text: 'good, neutral, bad', commands: ['good', 'neutral', 'bad'] },
  { keys: ['x'], text: 'first error here', commands: ['first-error'] },
  { keys: ['0'], text: 'clean trace', commands: ['clean'] },
  { keys: ['c'], text: 'category', commands: ['category'] },
  { keys: ['r'], text: 'rationale', commands: ['rationale'] },
  { keys: ['e'], text: 'correct the step', commands: ['correct'] },
  { keys: ['f'], text: 'flag trace', commands: ['flag'] },
  { keys: ['v'], text: 'hold: AI verdicts', commands: ['peek'] },
  { keys: ['s'], text: 'skip', commands: ['skip'] },
  { keys: ['q'], text: 'give up, with a reason', commands: ['give-up'] },
  { keys: ['l'], text: 'next unlabelled', commands: ['unlabelled'] },
  { keys: ['u'], text: 'undo, also a commit', commands: ['undo'] },
  { keys: ['Enter'], text: 'commit and advance', commands: ['commit'] },
];

const BY_KEY: ReadonlyMap<string, Command> = new Map([
  ...KEYS.flatMap(({ keys, commands }) => keys.map((key, i) => [key, commands[i]] as const)).filter(
    (pair): pair is readonly [string, Command] => pair[1] !== undefined,
  ),
  ['ArrowDown', 'step-next'],
  ['ArrowUp', 'step-previous'],
]);

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The command of a key outside text fields; null when the key is not ours. Modified keys never are. */
export const commandOf = (press: KeyPress): Command | null =>
  press.ctrlKey || press.metaKey || press.altKey ? null : (BY_KEY.get(press.key) ?? null);

/** In a text field only mod+Enter (keep) and Esc (leave) act. */
export const fieldCommandOf = (press: KeyPress): 'keep' | 'leave' | null => {
  if (press.key === 'Escape') return 'leave';
  return press.key === 'Enter' && (press.ctrlKey || press.metaKey) ? 'keep' : null;
};

/** Whether the event's target takes text, or (for Enter) acts by itself. */
export const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'));

export const actsOnEnter = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a[href], [role="option"]') !== null;
