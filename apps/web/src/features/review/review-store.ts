import { ReviewId, type TraceId } from '@flywheel/domain/ids';
import type { Review } from '@flywheel/domain/review';
import type { TraceDetail } from '@flywheel/domain/trace';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ActiveClock } from './active-clock.ts';
import { type Act, act, commitProblem, type Draft, isUntouched, newDraft, sign, signUndo } from './draft.ts';
import {
  current,
  extend,
  finish,
  goTo,
  keepDraft,
  newSitting,
  nextUnlabelled,
  type Sitting,
  takeBack,
} from './sitting.ts';

/** Which small editor is open over the steps. */
export type Panel = 'none' | 'category' | 'rationale' | 'correct' | 'give-up';

export interface Note {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly undoable: boolean;
}

export interface ReviewState {
  sitting: Sitting;
  panel: Panel;
  /** AI verdicts stay hidden until commit. */
  blind: boolean;
  /** `v` is down. */
  peeking: boolean;
  note: Note | null;
  act(detail: TraceDetail, a: Act): void;
  commit(detail: TraceDetail): void;
  /** Skip and give-up: no verdict, with a reason. */
  leave(detail: TraceDetail, action: 'skip' | 'give-up', reason: string): void;
  undo(detail: TraceDetail | null): void;
  step(by: number): void;
  goUnlabelled(): void;
  more(ids: readonly TraceId[]): void;
  setPanel(panel: Panel): void;
  setBlind(blind: boolean): void;
  setPeeking(peeking: boolean): void;
  say(tone: Note['tone'], text: string, undoable?: boolean): void;
  hush(): void;
  alive(): void;
}

export type ReviewStore = StoreApi<ReviewState>;

export interface ReviewStoreOptions {
  queue: readonly TraceId[];
  /** Trace to begin with (from the URL or where the reviewer left off). */
  place: TraceId | null;
  reviewer: string;
  blind: boolean;
  /** Stores the review for sending; resolves when it cannot be lost any more. */
  put: (review: Review) => Promise<void>;
  now?: () => number;
  makeId?: () => string;
}

/** The draft of a trace as it lies in the sitting, or a fresh one. */
export const draftOf = (s: Sitting, detail: TraceDetail): Draft =>
  s.drafts.get(detail.row.id) ?? newDraft(detail.row.id, detail.steps.length, detail.row.flagged);

/** One mount's review: every tab has its own. Commits are kept by `put` and shown at once. */
export const createReviewStore = (o: ReviewStoreOptions): ReviewStore => {
  const now = o.now ?? Date.now;
  const makeId = o.makeId ?? (() => crypto.randomUUID());
  const clock = new ActiveClock(now());
  let notes = 0;

  return createStore<ReviewState>((set, get) => {
    const moveTo = (sitting: Sitting): void => {
      clock.restart(now());
      set({ sitting, panel: 'none', peeking: false });
    };
    const note = (tone: Note['tone'], text: string, undoable: boolean): Note => {
      notes += 1;
      return { id: notes, tone, text, undoable };
    };
    const keep = (review: Review): void => {
      o.put(review).catch((error: unknown) => {
        const back = takeBack(get().sitting);
        if (back !== null && back.taken.review.id === review.id) moveTo(back.sitting);
        const why = error instanceof Error ? error.message : String(error);
        set({
          note: note(
            'bad',
            `This browser could not store the review (${why}). Free some disk space, then commit again.`,
            false,
          ),
        });
      });
    };
    const signed = (detail: TraceDetail, action: 'commit' | 'skip' | 'give-up', reason: string): void => {
      const draft = draftOf(get().sitting, detail);
      const at = now();
      const review = sign(draft, {
        id: ReviewId.parse(makeId()),
        reviewer: o.reviewer,
        action,
        reason,
        spentMs: clock.spent(at),
        blind: get().blind,
        at,
      });
      moveTo(finish(get().sitting, { review, draft }));
      keep(review);
    };

    return {
      sitting: newSitting(o.queue, o.place),
      panel: 'none',
      blind: o.blind,
      peeking: false,
      note: null,
      act(detail, a) {
        clock.touch(now());
        const before = draftOf(get().sitting, detail);
        const after = act(before, a);
        if (after === before) return;
        set({ sitting: keepDraft(get().sitting, after) });
        if (a.do === 'first-error') {
          set({ note: note('good', `S${after.cursor} set as first error`, true) });
        }
      },
      commit(detail) {
        const draft = draftOf(get().sitting, detail);
        const problem = commitProblem(draft);
        if (problem !== null) {
          set({ note: note('bad', problem, false) });
          return;
        }
        const said =
          draft.clean || !draft.labels.includes(-1) ? 'clean' : `first error S${draft.labels.indexOf(-1)}`;
        signed(detail, 'commit', '');
        set({ note: note('good', `${detail.row.label} committed: ${said}`, true) });
      },
      leave(detail, action, reason) {
        signed(detail, action, reason);
        set({
          note: note('good', `${detail.row.label} ${action === 'skip' ? 'skipped' : 'given up'}`, true),
        });
      },
      undo(detail) {
        const s = get().sitting;
        const draft = detail === null ? null : draftOf(s, detail);
        if (detail !== null && draft !== null && !isUntouched(draft) && !s.done.has(detail.row.id)) {
          set({ sitting: keepDraft(s, act(draft, { do: 'undo' })), note: null });
          return;
        }
        const back = takeBack(s);
        if (back === null) {
          set({ note: note('bad', 'Nothing to undo in this sitting.', false) });
          return;
        }
        moveTo(back.sitting);
        keep(signUndo(back.taken.review, ReviewId.parse(makeId()), now()));
        set({ note: note('good', `Took back: ${back.taken.review.action}`, false) });
      },
      step(by) {
        const s = get().sitting;
        const to = goTo(s, s.at + by);
        if (to !== s) moveTo(to);
      },
      goUnlabelled() {
        const s = get().sitting;
        const at = nextUnlabelled(s, s.at + 1);
        if (at >= 0) moveTo(goTo(s, at));
        else set({ note: note('bad', 'Every trace that is loaded has been looked at.', false) });
      },
      more(ids) {
        set({ sitting: extend(get().sitting, ids) });
      },
      setPanel(panel) {
        set({ panel });
      },
      setBlind(blind) {
        set({ blind });
      },
      setPeeking(peeking) {
        if (get().peeking !== peeking) set({ peeking });
      },
      say(tone, text, undoable = false) {
        set({ note: note(tone, text, undoable) });
      },
      hush() {
        set({ note: null });
      },
      alive() {
        clock.touch(now());
      },
    };
  });
};

/** The trace that is open, or null at the end of the queue. */
export const openTrace = (s: ReviewState): TraceId | null => current(s.sitting);
