import { firstBad } from '@flywheel/domain/review';
import type { TraceDetail } from '@flywheel/domain/trace';
import { type RefObject, useEffect } from 'react';
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

/** Connects the keyboard to the store while `root` is the visible review tab. */
export const useReviewKeys = (
  root: RefObject<HTMLElement | null>,
  store: ReviewStore,
  detail: TraceDetail | null,
): void => {
  useEffect(() => {
    let chord = false;
    const outside = (event: KeyboardEvent): boolean => {
      const box = root.current;
      if (box === null || box.getClientRects().length === 0) return true;
      const target = event.target;
      // Keys pressed in another pane belong to that pane; the page's body belongs to the visible tab.
      return target instanceof Node && target !== document.body && !box.contains(target);
    };
    const down = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || outside(event) || isTextField(event.target)) return;
      // `g` begins a "go to" chord of the shell: the letter after it is not ours.
      if (chord) {
        chord = false;
        return;
      }
      if (event.key === 'g' && !event.ctrlKey && !event.metaKey && !event.altKey) {
        chord = true;
        setTimeout(() => {
          chord = false;
        }, 1_000);
        return;
      }
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
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
      window.removeEventListener('blur', unpeek);
    };
  }, [root, store, detail]);
};
