/** Lines that came and went from one text to another. */
export interface LineDiff {
  added: number;
  removed: number;
}

/**
 * The fewest lines to add and to remove that turn `before` into `after` (Myers 1986, An O(ND) difference algorithm; lengths
 * only). Takes O((n + m) D) steps, D being the answer's sum.
 *
 * @example lineDiff('a\nb', 'a\nc\nd') // { added: 2, removed: 1 }
 */
export const lineDiff = (before: string, after: string): LineDiff => {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const [n, m] = [a.length, b.length];
  const most = n + m;
  // Furthest position in `a` reached on each diagonal k = x - y, stored at k + most.
  const reach = new Int32Array(2 * most + 2);
  for (let d = 0; d <= most; d++)
    for (let k = -d; k <= d; k += 2) {
      const at = (diagonal: number): number => reach[diagonal + most] ?? 0;
      let x = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < n && x - k < m && a[x] === b[x - k]) x++;
      reach[k + most] = x;
      if (x >= n && x - k >= m) return { added: (d + m - n) / 2, removed: (d + n - m) / 2 };
    }
  return { added: m, removed: n };
};
