import { create } from 'zustand';

/** How many runs have ended while nobody looked at the page: the title of the window counts them. */
export const useUnseen = create<{ ended: number }>()(() => ({ ended: 0 }));

/** A run has ended. */
export const noteEnd = (): void => {
  if (document.hidden) useUnseen.setState(({ ended }) => ({ ended: ended + 1 }));
};

/** Counts anew once the page is looked at. */
export const followSight = (): (() => void) => {
  const seen = (): void => {
    if (!document.hidden) useUnseen.setState({ ended: 0 });
  };
  document.addEventListener('visibilitychange', seen);
  return () => document.removeEventListener('visibilitychange', seen);
};
