import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ScrollMap } from './scroll-map.ts';

const EXTRA = 10;
/** A scroll past this many viewports in one event is a jump: what lies between is not worth fetching. */
const JUMP = 3;
/** So long after the last jump the rows count as looked at, milliseconds. */
const REST = 80;

/**
 * Which rows of a long list are on screen, and where they stand in the scrolled element.
 *
 * @param rowHeight CSS pixels, the same for every row
 * @param head CSS pixels of the sticky head inside the scrolled element
 */
export const useWindow = (
  scroller: RefObject<HTMLElement | null>,
  rows: number,
  rowHeight: number,
  head: number,
) => {
  const [viewport, setViewport] = useState(600);
  const [range, setRange] = useState({ first: 0, end: 0, shift: 0 });
  const map = useMemo(() => new ScrollMap(rows, rowHeight, viewport), [rows, rowHeight, viewport]);
  const top = useRef(0);
  const [jumping, setJumping] = useState(false);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = useCallback(
    (at: number) => {
      top.current = at;
      const next = { ...map.rowsAt(at, EXTRA), shift: map.shift };
      setRange((now) =>
        now.first === next.first && now.end === next.end && now.shift === next.shift ? now : next,
      );
    },
    [map],
  );
  const scrollTo = useCallback(
    (at: number) => {
      const place = map.to(at);
      if (scroller.current) scroller.current.scrollTop = place;
      show(place + map.shift);
    },
    [map, scroller, show],
  );

  useLayoutEffect(() => {
    const el = scroller.current;
    if (!el) return;
    const measure = () => setViewport(Math.max(rowHeight, el.clientHeight - head));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(el);
    return () => observer.disconnect();
  }, [scroller, rowHeight, head]);

  // A new map (more rows, another height) keeps the rows that are on screen.
  useLayoutEffect(() => scrollTo(top.current), [scrollTo]);

  useEffect(() => {
    const el = scroller.current;
    if (!el) return;
    const onScroll = () => {
      const moved = map.scrolled(el.scrollTop);
      if (moved.scrollTop !== el.scrollTop) el.scrollTop = moved.scrollTop;
      if (Math.abs(moved.top - top.current) > JUMP * viewport) {
        setJumping(true);
        clearTimeout(rest.current);
        rest.current = setTimeout(() => setJumping(false), REST);
      }
      show(moved.top);
    };
    el.addEventListener('scroll', onScroll, { passive: true });
    return () => el.removeEventListener('scroll', onScroll);
  }, [scroller, map, show, viewport]);
  useEffect(() => () => clearTimeout(rest.current), []);

  /** Scrolls as little as needed to have the row on screen; one that is far away comes into the middle. */
  const reveal = useCallback(
    (index: number) => {
      const from = index * rowHeight;
      const to = from + rowHeight;
      if (from < top.current - viewport || to > top.current + 2 * viewport) scrollTo(from - viewport / 2);
      else if (from < top.current) scrollTo(from);
      else if (to > top.current + viewport) scrollTo(to - viewport);
    },
    [rowHeight, scrollTo, viewport],
  );

  return {
    ...range,
    /** The scroll bar is being dragged far: rows on screen are gone in the next frame. */
    jumping,
    height: map.height,
    perPage: Math.max(1, Math.floor(viewport / rowHeight)),
    place: (index: number) => index * rowHeight - range.shift,
    reveal,
    toStart: useCallback(() => scrollTo(0), [scrollTo]),
  };
};
