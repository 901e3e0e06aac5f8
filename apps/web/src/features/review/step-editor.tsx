import type { TraceDetail } from '@flywheel/domain/trace';
import { CategoryPopover } from './category-popover.tsx';
import type { Draft } from './draft.ts';
import type { Panel, ReviewState } from './review-store.ts';
import { TextPanel } from './text-panel.tsx';

export interface StepEditorProps {
  panel: Panel;
  draft: Draft;
  detail: TraceDetail;
  state: ReviewState;
}

/** The small editor that is open: category, rationale, correction, or the reason for giving up. */
export const StepEditor = ({ panel, draft, detail, state }: StepEditorProps) => {
  const close = (): void => state.setPanel('none');
  switch (panel) {
    case 'none':
      return null;
    case 'category':
      return (
        <CategoryPopover
          step={draft.cursor}
          value={draft.category}
          onClose={close}
          onChoose={(category) => {
            state.act(detail, { do: 'category', category });
            close();
          }}
        />
      );
    case 'rationale':
      return (
        <TextPanel
          title="Rationale (cite steps as [S3])"
          value={draft.rationale}
          keepLabel="Keep"
          maxLength={20_000}
          onClose={close}
          onKeep={(text) => {
            state.act(detail, { do: 'rationale', text });
            close();
          }}
        />
      );
    case 'correct': {
      const corrected = draft.corrections.find((c) => c.step === draft.cursor);
      return (
        <TextPanel
          title={`Correct text of S${draft.cursor}`}
          value={corrected?.text ?? detail.steps[draft.cursor] ?? ''}
          keepLabel="Keep"
          mono
          maxLength={100_000}
          onClose={close}
          onKeep={(text) => {
            const unchanged = text === detail.steps[draft.cursor];
            state.act(detail, { do: 'correct', step: draft.cursor, text: unchanged ? null : text });
            close();
          }}
          onClear={
            corrected &&
            (() => {
              state.act(detail, { do: 'correct', step: draft.cursor, text: null });
              close();
            })
          }
        />
      );
    }
    case 'give-up':
      return (
        <TextPanel
          title="Why can this trace not be judged?"
          value=""
          keepLabel="Give up"
          maxLength={2_000}
          onClose={close}
          onKeep={(text) => {
            if (text.trim() === '')
              state.say('bad', 'Giving up needs a reason, so that others can judge it.');
            else state.leave(detail, 'give-up', text.trim());
          }}
        />
      );
  }
};
