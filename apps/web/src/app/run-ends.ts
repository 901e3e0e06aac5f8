import { isOver, type RunSummary } from '@flywheel/domain/run';
import { count } from './format.ts';
import { placeOf, useTabs } from './tabs.ts';
import type { ToastMessage } from './toasts.ts';

/**
 * What is said of a run that has come to its end, or that stands still and waits for somebody; null where it does neither, and for
 * imports, of which Import tells. Pure.
 */
export const endOf = (before: RunSummary, now: RunSummary): ToastMessage | null => {
  if (now.kind === 'import' || before.state === now.state) return null;
  const link = { label: 'Open', href: `/runs?run=${now.id}` };
  const name = `Run ${now.id}, ${now.title},`;
  if (now.state === 'paused' && now.error !== null)
    return { text: `${name} waits: ${now.error}`, tone: 'bad', link };
  if (!isOver(now.state) || isOver(before.state)) return null;
  if (now.state === 'failed') return { text: `${name} failed: ${now.error ?? ''}`, tone: 'bad', link };
  const failed = now.failed > 0 ? `, ${count(now.failed)} failed` : '';
  return {
    text: `${name} ${now.state}: ${count(now.done)} done${failed}`,
    tone: now.state === 'cancelled' ? 'plain' : 'good',
    link,
  };
};

/** Whether somebody looks at the run, so that there is nothing to tell. */
export const isLookedAt = (run: number): boolean => {
  const { active } = useTabs.getState();
  if (active === null || document.hidden) return false;
  const [path, search] = placeOf(active).split('?');
  return path === '/runs' && new URLSearchParams(search).get('run') === String(run);
};
