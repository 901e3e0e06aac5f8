/** One argument as a POSIX shell reads it (POSIX 2.2.2: single quotes take everything but themselves literally). */
const quote = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

/** A command as one line, to read and to paste. Nothing of ours runs it. */
export const shellLine = (argv: readonly string[]): string =>
  argv
    // A first word with "=" would be read as an assignment.
    .map((word, i) => (i === 0 && word.includes('=') ? `'${word.replaceAll("'", `'\\''`)}'` : quote(word)))
    .join(' ');
