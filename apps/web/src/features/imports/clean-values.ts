type Clean = (string | number | null)[];

/** Values that mean "no error", as a person writes them: `null, -1, N/A, (empty)`. */
export const printClean = (values: Readonly<Clean>): string =>
  values.map((v) => (v === null ? 'null' : v === '' ? '(empty)' : String(v))).join(', ');

/**
 * What {@link printClean} prints, read again; blanks around values do not count.
 *
 * @example parseClean('null, -1, N/A') // [null, -1, 'N/A']
 */
export const parseClean = (text: string): Clean =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      if (part === 'null') return null;
      if (part === '(empty)') return '';
      return /^-?\d+(\.\d+)?$/.test(part) ? Number(part) : part;
    });
