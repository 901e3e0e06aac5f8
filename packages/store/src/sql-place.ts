/** A place in a statement, in UTF-16 units. */
export type Place = number;

/** As many characters of a long line are shown on either side of the place. */
const AROUND = 40;

/** What DuckDB's parser gives as `query_location`, which counts bytes of UTF-8; null where it gives none. */
export const placeOf = (text: string, location: number): Place | null => {
  const bytes = Buffer.from(text);
  return location < bytes.length ? bytes.subarray(0, location).toString().length : null;
};

/**
 * A message with its place, written as DuckDB writes those of syntax errors: the line, and a caret below the column.
 *
 * @param place null: the message stands alone
 * @example withPlace('No.', 'SELECT 1,\n  x', 12) // 'No.\n\nLINE 2:   x\n          ^'
 */
export const withPlace = (message: string, text: string, place: Place | null): string => {
  if (place === null) return message;
  const start = text.lastIndexOf('\n', place - 1) + 1;
  const end = text.indexOf('\n', place);
  const line = text.slice(start, end < 0 ? undefined : end).trimEnd();
  const column = place - start;
  const from = column > 2 * AROUND ? column - AROUND : 0;
  const to = Math.max(from, column) + 2 * AROUND;
  const before = from > 0 ? '...' : '';
  const head = `LINE ${text.slice(0, start).split('\n').length}: `;
  const excerpt = `${before}${line.slice(from, to)}${to < line.length ? '...' : ''}`;
  return `${message}\n\n${head}${excerpt}\n${' '.repeat(head.length + before.length + column - from)}^`;
};
