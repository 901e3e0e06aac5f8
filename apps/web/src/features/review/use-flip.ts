import { type RefObject, useLayoutEffect } from 'react';

/** Room that the row of acts below the steps takes. */
const BELOW_PX = 48;

/** A popover under its step flips above it when it has no room below but has some above. */
export const useFlip = (box: RefObject<HTMLElement | null>): void => {
  useLayoutEffect(() => {
    const element = box.current;
    const pane = element?.closest('.rv-group');
    if (!element || !pane) return;
    const mine = element.getBoundingClientRect();
    const room = pane.getBoundingClientRect();
    const step = element.parentElement?.getBoundingClientRect().top ?? 0;
    const overflows = mine.bottom > room.bottom - BELOW_PX;
    element.classList.toggle('up', overflows && step - mine.height > room.top);
    if (overflows && !element.classList.contains('up')) element.scrollIntoView({ block: 'nearest' });
  }, [box]);
};
