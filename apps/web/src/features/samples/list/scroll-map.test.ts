import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScrollMap } from './scroll-map.ts';

const ROW = 28;
const VIEW = 700;

describe('scrolling a list of any length', () => {
  it('[SA2] a list that fits is scrolled pixel for pixel', () => {
    const map = new ScrollMap(1000, ROW, VIEW);
    expect(map.height).toBe(28_000);
    expect(map.scrolled(5_000)).toEqual({ top: 5_000, scrollTop: 5_000 });
    expect(map.to(999 * ROW)).toBe(28_000 - VIEW);
  });

  it('[SA3] both ends of ten million rows are reached by the bar and by a jump', () => {
    const rows = 10_000_000;
    const map = new ScrollMap(rows, ROW, VIEW);
    expect(map.height).toBe(12_000_000);
    const bottom = map.scrolled(map.height - VIEW);
    expect(map.rowsAt(bottom.top, 0).end).toBe(rows);
    expect(map.scrolled(0).top).toBe(0);
    map.to((rows - 1) * ROW);
    expect(map.rowsAt(map.scrolled(map.height - VIEW).top, 0).end).toBe(rows);
  });

  it('[SA4] short moves go pixel for pixel from anywhere, across the ends of stretches, and rows stay inside the element', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 430_000, max: 10_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.integer({ min: -600, max: 600 }), { maxLength: 300 }),
        (rows, start, moves) => {
          const map = new ScrollMap(rows, ROW, VIEW);
          let top = Math.floor(start * (rows * ROW - VIEW));
          let scrollTop = map.to(top);
          for (const by of moves) {
            const asked = Math.max(0, Math.min(map.height - VIEW, scrollTop + by));
            const moved = asked - scrollTop;
            const now = map.scrolled(asked);
            expect(now.top).toBe(Math.max(0, Math.min(top + moved, rows * ROW - VIEW)));
            ({ top, scrollTop } = now);
            expect(top - map.shift).toBe(scrollTop);
            expect(scrollTop).toBeGreaterThanOrEqual(0);
            expect(scrollTop).toBeLessThanOrEqual(map.height - VIEW);
          }
        },
      ),
    );
  });
});
