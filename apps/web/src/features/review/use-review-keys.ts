import { firstBad } from '@flywheel/domain/review';
import type { TraceDetail } from '@flywheel/domain/trace';
import { useEffect } from 'react';
import { isOverlay } from '../../app/keys.ts';
import { useTab } from '../../app/tab.ts';
import { actsOnEnter, type Command, commandOf, isTextField } from './keymap.ts';
import { draftOf, type ReviewStore } from './review-store.ts';

/** What a command does to the store. `detail` is the open trace, null while it loads or at the end. */
export const runCommand = (store: ReviewStore, detail: TraceDetail | null, command: Command): void => {
  const s = store.getState();
  switch (command) {
    case 'trace-next':
      return s.step(1);
    case 'trace-previous':
      return s.step(-1);
    case 'unlabelled':
      return s.goUnlabelled();
    case 'undo':
      return s.undo(detail);
    case 'peek':
      return s.setPeeking(true);
  }
  if (detail === null) return;
  switch (command) {
    case 'step-next':
      return s.act(detail, { do: 'move', by: 1 });
    case 'step-previous':
      return s.act(detail, { do: 'move', by: -1 });
    case 'good':
      return s.act(detail, { do: 'label', label: 1 });
    case 'neutral':
      return s.act(detail, { do: 'label', label: 0 });
    case 'bad':
      return s.act(detail, { do: 'label', label: -1 });
    case 'first-error':
      return s.act(detail, { do: 'first-error' });
    case 'clean':
      return s.act(detail, { do: 'clean' });
    case 'flag':
      return s.act(detail, { do: 'flag' });
    case 'commit':
      return s.commit(detail);
    case 'category': {
      const first = firstBad(draftOf(s.sitting, detail).labels);
      if (first === null) return s.say('bad', 'A category belongs to a first error: mark it with x.');
      s.act(detail, { do: 'goto', step: first });
      return s.setPanel('category');
    }
    case 'rationale':
      return s.setPanel('rationale');
    case 'correct':
      return detail.steps.length === 0 ? undefined : s.setPanel('correct');
    case 'skip':
      return s.leave(detail, 'skip', '');
    case 'give-up':
      return s.setPanel('give-up');
  }
};

/** Connects the keyboard to the store while review is the active tab. */
export const useReviewKeys = (store: ReviewStore, detail: TraceDetail | null): void => {
  const active = useTab()?.active ?? true;
  useEffect(() => {
    if (!active) return;
    const down = (event: KeyboardEvent): void => {
      // The frame comes first and marks what it takes (`g` and its letter); dialogs and menus keep their keys.
      if (event.defaultPrevented || isTextField(event.target) || isOverlay(event.target)) return;
      const command = commandOf(event);
      if (command === null) return;
      if (command === 'commit' && actsOnEnter(event.target)) return;
      if (event.repeat && !command.startsWith('step-')) return;
      event.preventDefault();
      runCommand(store, detail, command);
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key === 'v') store.getState().setPeeking(false);
    };
    const unpeek = (): void => store.getState().setPeeking(false);
    document.addEventListener('keydown', down);
    document.addEventListener('keyup', up);
    window.addEventListener('blur', unpeek);
    return () => {
      unpeek();
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
      window.removeEventListener('blur', unpeek);
    };
  }, [active, store, detail]);
};
