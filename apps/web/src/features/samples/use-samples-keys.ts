import type { TraceId } from '@flywheel/domain/ids';
import { useQueryClient } from '@tanstack/react-query';
import type { Dispatch, RefObject, SetStateAction } from 'react';
import { useKeys } from '../../app/keys.ts';
import { useActs } from './bulk/use-acts.ts';
import type { Cursor } from './list/use-cursor.ts';
import { samplesQueries } from './server.ts';
import type { View } from './trace/views.ts';

interface SamplesKeysInput {
  cursor: Cursor;
  trace: TraceId | null;
  close: () => void;
  history: { undo: (() => void) | null; redo: (() => void) | null };
  input: RefObject<HTMLInputElement | null>;
  step: number | null;
  setStep: (step: number) => void;
  setRendered: Dispatch<SetStateAction<boolean>>;
  view: View;
  onView: (view: View) => void;
}

/** The keys of Samples. */
export const useSamplesKeys = (p: SamplesKeysInput): void => {
  const queries = useQueryClient();
  const acts = useActs(`id:${p.trace}`);
  const detail = () => (p.trace ? queries.getQueryData(samplesQueries.open(p.trace).queryKey) : null);
  const walk = (by: number) => {
    if (!p.trace) return;
    // A trace still on its way takes the keys as well; its end is then not known yet.
    const last = Math.max(0, (detail()?.steps.length ?? Number.POSITIVE_INFINITY) - 1);
    p.setStep(p.step === null ? 0 : Math.max(0, Math.min(last, p.step + by)));
  };
  useKeys('samples', [
    { key: 'n', label: 'next trace', run: () => p.cursor.move(1), repeats: true },
    { key: 'p', label: 'previous trace', run: () => p.cursor.move(-1), repeats: true },
    { key: 'j', label: 'next step', run: () => walk(1), repeats: true },
    { key: 'k', label: 'previous step', run: () => walk(-1), repeats: true },
    {
      key: 'Enter',
      label: 'open the trace',
      run: () => p.cursor.index !== null && void p.cursor.open(p.cursor.index),
    },
    { key: 'Escape', label: 'close the trace', run: () => p.trace && p.close() },
    {
      key: 'f',
      label: 'flag the trace',
      run: () => {
        const row = detail()?.row;
        if (row) void acts.flag(!row.flagged);
      },
    },
    { key: 'm', label: 'verbatim or rendered', run: () => p.setRendered((now) => !now) },
    {
      key: 'd',
      label: 'compare with another trace',
      run: () => p.onView(p.view === 'compare' ? 'steps' : 'compare'),
    },
    { key: '/', label: 'write a query', run: () => p.input.current?.focus() },
    { key: 'mod+z', label: 'undo filter', run: () => p.history.undo?.() },
    { key: 'mod+shift+z', label: 'redo filter', run: () => p.history.redo?.() },
  ]);
};
