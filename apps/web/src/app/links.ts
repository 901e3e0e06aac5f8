import { roomOf } from './rooms.ts';
import { go } from './tabs.ts';

/** Plain links to rooms open in the workbench instead of loading the page anew, whoever wrote them. */
export const followLinks = (): void =>
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || roomOf(link.pathname) === null) return;
    event.preventDefault();
    go(link.pathname + link.search, { from: link.closest<HTMLElement>('[data-tab]')?.dataset.tab ?? null });
  });

/**
 * The Critics room with its launch dialog open on a launch, or on a part of one, e.g. that of a run to be forked.
 *
 *     launchLink({ critic: 'first-error', version: 2, query: 'outcome:wrong', budget: { minutes: 10 } })
 */
export const launchLink = (launch: { critic: string; [field: string]: unknown }): string =>
  `/critics?${new URLSearchParams({ critic: launch.critic, launch: JSON.stringify(launch) })}`;

/**
 * A trace opened alone in the list of Samples, with `step` in view where one is given.
 *
 *     traceLink('b3f1', 2) // /samples?q=id%3Ab3f1&trace=b3f1&step=2
 */
export const traceLink = (trace: string, step: number | null = null): string =>
  `/samples?${new URLSearchParams({ q: `id:${trace}`, trace, ...(step !== null && { step: String(step) }) })}`;

/**
 * The Models room with its launch dialog open, filled with what is known.
 *
 *     localLink({ kind: 'sample', query: 'id:b3f1', from: { kind: 'step', step: 2 } })
 */
export const localLink = (launch: { kind: string; query: string; [field: string]: unknown }): string =>
  `/models?${new URLSearchParams({ launch: JSON.stringify(launch) })}`;

/** Two runs of a critic compared trace by trace, in Critics. */
export const pairedLink = (critic: string, a: number, b: number): string =>
  `/critics?${new URLSearchParams({ critic, compare: `${a},${b}` })}`;
