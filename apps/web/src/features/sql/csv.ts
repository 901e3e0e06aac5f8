/** One cell as text: null is empty, structures are JSON, everything else as it prints. */
export const cellText = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** RFC 4180: CRLF line ends, quotes doubled, a header line; text is verbatim. */
export const toCsv = (columns: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  [columns, ...rows.map((row) => row.map(cellText))]
    .map((line) => `${line.map(quote).join(',')}\r\n`)
    .join('');
