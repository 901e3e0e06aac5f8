/** Where in the statement DuckDB says that the error is; 1-based, as the editor counts. */
export interface ErrorPlace {
  line: number;
  column: number;
}

/**
 * Reads DuckDB's `LINE 2: SELECT foo FROM ...\n               ^`. DuckDB shortens long lines with `...` at either end,
 * so the excerpt is looked up in the statement. Null when the message names no place.
 */
export const errorPlace = (statement: string, message: string): ErrorPlace | null => {
  const found = /LINE (\d+): (.*)\r?\n( *)\^/.exec(message);
  if (found === null) return null;
  const [, number = '1', excerpt = '', indent = ''] = found;
  const line = Number(number);
  const text = statement.split('\n')[line - 1];
  if (text === undefined) return null;
  const caret = indent.length - `LINE ${number}: `.length;
  const shortened = excerpt.startsWith('...');
  const body = excerpt.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const start = shortened ? text.indexOf(body) : 0;
  const column = start < 0 ? 0 : start + caret - (shortened ? 3 : 0);
  return { line, column: Math.max(1, Math.min(text.length + 1, column + 1)) };
};

/** The message without the excerpt that the editor shows in place. */
export const shortMessage = (message: string): string =>
  message.replace(/\s*LINE \d+: [\s\S]*$/, '').trim() || message;
