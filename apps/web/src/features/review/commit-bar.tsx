import { categoryLabel } from '@flywheel/domain/category';
import { Kbd } from '@flywheel/ui/kbd.tsx';
import { commitProblem, type Draft, headline } from './draft.ts';
import type { Command } from './keymap.ts';

/** The row of acts below the steps; each button prints its key. */
export const CommitBar = ({ draft, onCommand }: { draft: Draft; onCommand: (command: Command) => void }) => {
  const problem = commitProblem(draft);
  const said = [
    headline(draft),
    draft.category === null ? '' : categoryLabel(draft.category),
    draft.rationale === '' ? '' : 'rationale',
    draft.corrections.length === 0 ? '' : `${draft.corrections.length} corrected`,
  ].filter((part) => part !== '');
  const button = (command: Command, word: string, key: string, extra = '') => (
    <button type="button" className={`btn${extra}`} onClick={() => onCommand(command)}>
      {word} <Kbd keys={key} />
    </button>
  );
  return (
    <div className="rv-commit">
      {button('trace-previous', '‹ Previous', 'p')}
      {button('skip', 'Skip', 's')}
      <button
        type="button"
        className={draft.flagged ? 'btn on' : 'btn'}
        aria-pressed={draft.flagged}
        onClick={() => onCommand('flag')}
      >
        {draft.flagged ? 'Flagged' : 'Flag'} <Kbd keys="f" />
      </button>
      {button('rationale', 'Rationale', 'r')}
      {button('give-up', 'Give up', 'q')}
      <span className="grow" />
      <span className="t3 fs12 trunc" title={problem ?? undefined}>
        {said.join(', ')}
      </span>
      {button('clean', 'Clean trace', '0')}
      <button
        type="button"
        className="btn primary"
        aria-disabled={problem !== null}
        title={problem ?? undefined}
        onClick={() => onCommand('commit')}
      >
        Commit and next <Kbd keys="Enter" />
      </button>
    </div>
  );
};
