const QUOTE = '"';

/**
 * The fields of one CSV record (RFC 4180), without its line end. A quote inside a field that does not begin with one
 * is a character like any other.
 *
 * @returns null when a quoted field does not end, or is followed by something else than the delimiter
 */
export const csvFields = (record: string, delimiter: string): string[] | null => {
  const fields: string[] = [];
  for (let from = 0; ; ) {
    if (record[from] !== QUOTE) {
      const to = record.indexOf(delimiter, from);
      fields.push(to < 0 ? record.slice(from) : record.slice(from, to));
      if (to < 0) return fields;
      from = to + 1;
      continue;
    }
    let to = record.indexOf(QUOTE, from + 1);
    let escaped = false;
    for (; to >= 0 && record[to + 1] === QUOTE; to = record.indexOf(QUOTE, to + 2)) escaped = true;
    if (to < 0) return null;
    const text = record.slice(from + 1, to);
    fields.push(escaped ? text.replaceAll('""', QUOTE) : text);
    if (to + 1 === record.length) return fields;
    if (record[to + 1] !== delimiter) return null;
    from = to + 2;
  }
};

/** The delimiter of a file by its header line: whichever of comma, tab and semicolon stands there most often outside quotes. */
export const delimiterOf = (header: string): string => {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (c: string): number => bare.split(c).length;
  return [',', '\t', ';'].reduce((best, c) => (count(c) > count(best) ? c : best));
};

/** Names of the columns: nameless ones get their number, and no two are the same, so that no cell is lost. */
export const columnNames = (header: readonly string[]): string[] => {
  const names: string[] = [];
  for (const [i, raw] of header.entries()) {
    const name = raw.trim() || `column_${i + 1}`;
    let unique = name;
    for (let n = 2; names.includes(unique); n++) unique = `${name}_${n}`;
    names.push(unique);
  }
  return names;
};
