/**
 * Maps the scroll bar to rows of one height, also where all rows together are taller than a browser lets an element be
 * (Firefox 17.9 million px, Chromium 33.5): then the list is cut into overlapping stretches, as SlickGrid does.
 * A short move stays pixel for pixel within its stretch; a jump lands in proportion, and both ends are reached exactly.
 * All lengths are CSS pixels.
 */
export class ScrollMap {
  /** Height of the element that is scrolled. */
  readonly height: number;
  /** How far the current stretch is moved: a row's place in the element is `index * rowHeight - shift`. */
  shift = 0;
  private readonly rowHeight: number;
  private readonly viewport: number;
  private readonly full: number;
  private readonly stretch: number;
  private readonly stretches: number;
  private readonly overlap: number;
  private last = 0;

  constructor(rows: number, rowHeight: number, viewport: number, tallest = 12_000_000) {
    this.rowHeight = rowHeight;
    this.viewport = viewport;
    this.full = rows * rowHeight;
    this.height = Math.min(this.full, tallest);
    const cut = this.full > tallest;
    this.stretch = cut ? tallest / 100 : this.full;
    this.stretches = cut ? Math.floor(this.full / this.stretch) : 1;
    this.overlap = cut ? (this.full - this.height) / (this.stretches - 1) : 0;
  }

  /**
   * The user scrolled the element.
   *
   * @returns `top`: the pixel of the whole list at the upper edge; `scrollTop`: where the element must be scrolled to
   *   (equal to the argument, except where a stretch ended)
   */
  scrolled(scrollTop: number): { top: number; scrollTop: number } {
    if (this.stretches === 1) return { top: scrollTop, scrollTop };
    const jumped = Math.abs(scrollTop - this.last) >= this.viewport;
    let top: number;
    if (jumped) {
      const span = this.height - this.viewport;
      const place = span <= 0 ? 0 : (scrollTop / span) * (this.full - this.viewport);
      this.shift = this.shiftOf(place);
      top = scrollTop + this.shift;
      this.last = scrollTop;
      return { top: this.clamp(top), scrollTop };
    }
    top = this.clamp(scrollTop + this.shift);
    return { top, scrollTop: this.put(top) };
  }

  /** Scrolls so that `top` is at the upper edge. @returns the element's scrollTop */
  to(top: number): number {
    return this.put(this.clamp(top));
  }

  private put(top: number): number {
    this.shift = this.stretches === 1 ? 0 : this.shiftOf(top);
    this.last = top - this.shift;
    return this.last;
  }

  private shiftOf(top: number): number {
    return Math.round(Math.min(this.stretches - 1, Math.floor(top / this.stretch)) * this.overlap);
  }

  private clamp(top: number): number {
    return Math.max(0, Math.min(top, this.full - this.viewport));
  }

  /** Indices [first, end) of the rows that touch the viewport at `top`, with `extra` rows on both sides. */
  rowsAt(top: number, extra: number): { first: number; end: number } {
    const count = this.full / this.rowHeight;
    return {
      first: Math.max(0, Math.floor(top / this.rowHeight) - extra),
      end: Math.min(count, Math.ceil((top + this.viewport) / this.rowHeight) + extra),
    };
  }
}
