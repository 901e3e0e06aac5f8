import { Kbd } from './kbd.tsx';

/** What was just done, bottom centre, with its undo and a line that shows how long it stays. Remount it for each message (`key`). */
export const Toast = (p: {
  text: string;
  tone: 'plain' | 'good' | 'bad';
  /** How long it shows, in milliseconds: the length of the time line. */
  shownMs: number;
  onUndo?: (() => void) | undefined;
  /** Where more of it is to be seen; following it takes the toast away. */
  link?: { label: string; href: string } | undefined;
  onGone: () => void;
}) => (
  <div className="pop toast" role="status">
    {p.tone !== 'plain' && (
      <span className={p.tone} aria-hidden="true">
        {p.tone === 'good' ? '✓' : '!'}
      </span>
    )}
    <span className="toast-text">{p.text}</span>
    {p.onUndo && (
      <button type="button" className="btn sm" onClick={p.onUndo}>
        Undo <Kbd keys="u" />
      </button>
    )}
    {p.link && (
      <a className="btn sm" href={p.link.href} onClick={() => setTimeout(p.onGone)}>
        {p.link.label}
      </a>
    )}
    <span className="toast-time" style={{ animationDuration: `${p.shownMs}ms` }} onAnimationEnd={p.onGone} />
  </div>
);
