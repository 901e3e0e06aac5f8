/**
 * Stop-watches that run inside the page, so that no round trip of the test driver is measured.
 * Each resolves on the first frame after what it waits for is in the document. Times are milliseconds.
 */
export const stopwatches = () => {
  const grid = () => document.querySelector<HTMLElement>('[role="grid"][aria-label="Traces"]');
  const counted = () => document.querySelector('output[aria-label="Selected traces"]')?.textContent ?? '';
  const rowsReady = () => {
    const rows = [...(grid()?.querySelectorAll('.trace-row') ?? [])];
    return rows.length > 0 && rows.every((r) => !r.hasAttribute('aria-busy'));
  };
  /** The list has as many rows as the counter says, and those on screen have arrived. */
  const agrees = () =>
    (grid() === null && counted().startsWith('0 of')) ||
    (Number(grid()?.getAttribute('aria-rowcount')) - 1 ===
      Number(counted().split(' ')[0]?.replaceAll(',', '')) &&
      rowsReady());

  /** Until `done` holds, looked at once a frame, and that frame was painted. */
  const until = (done: () => boolean): Promise<number> =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      const look = () => {
        if (done()) requestAnimationFrame(() => resolve(performance.now() - began));
        else if (performance.now() - began > 60_000)
          reject(
            new Error(
              `waited a minute at ${location.href}: ${counted()}, ${grid()?.getAttribute('aria-rowcount')} rows`,
            ),
          );
        else requestAnimationFrame(look);
      };
      look();
    });

  /** Types a query; the Enter that runs it follows once the field has taken the text. */
  const write = async (text: string) => {
    const input = document.querySelector<HTMLInputElement>('input[aria-label="Query"]');
    if (!input) throw new Error('there is no query bar');
    input.focus();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((next) => setTimeout(next, 50));
    return () => input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  };

  return {
    ready: () => until(() => rowsReady() && counted() !== ''),

    /** Click on a facet's value until its new counts and rows stand there. */
    facet: async (name: string) => {
      const box = [...document.querySelectorAll<HTMLInputElement>('.facet-row input')].find((el) =>
        el.closest('label')?.textContent?.startsWith(name),
      );
      if (!box) throw new Error(`there is no facet value ${name}`);
      const before = counted();
      box.click();
      return until(() => counted() !== before && agrees());
    },

    /** Enter in the query bar until the counts and the rows of the new query stand there. */
    search: async (text: string) => {
      const before = counted();
      const enter = await write(text);
      enter();
      return until(() => counted() !== before && agrees());
    },

    /** Drags the scroll bar from the top to the end in `frames` frames. @returns the longest frame, and until the last rows are there */
    scroll: async (frames: number) => {
      const el = grid();
      if (!el) throw new Error('there is no list');
      const reach = el.scrollHeight - el.clientHeight;
      const gaps: number[] = [];
      let last = performance.now();
      for (let i = 1; i <= frames; i++) {
        el.scrollTop = (reach * i) / frames;
        await new Promise((next) => requestAnimationFrame(next));
        const now = performance.now();
        gaps.push(now - last);
        last = now;
      }
      const settled = await until(
        () =>
          rowsReady() &&
          grid()?.getAttribute('aria-rowcount') ===
            [...(grid()?.querySelectorAll('.trace-row') ?? [])].at(-1)?.getAttribute('aria-rowindex'),
      );
      gaps.sort((a, b) => a - b);
      return { longest: gaps.at(-1) ?? 0, median: gaps[gaps.length >> 1] ?? 0, settled };
    },

    /** A key until the text of the element differs. */
    key: async (key: string, watched: string) => {
      const text = () => document.querySelector(watched)?.textContent ?? '';
      const before = text();
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      return until(() => text() !== before && text() !== '');
    },
  };
};
