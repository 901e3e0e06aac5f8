import { requireQuery } from '@flywheel/domain/query/parse';
import type { Command } from 'commander';

/** How a QUERY reads, under the help of each command that takes one. */
export const QUERY_HELP = `QUERY is the text of the query bar:
  task:gsm8k outcome:wrong steps:2..9 "how many"
  model:a,b error:3.. -reviewed:yes
`;

/** `--slice`, refused with the place of its error before any work begins. */
export const withSlice = (command: Command): Command =>
  command.option(
    '--slice <query>',
    'text of the query bar; everything when left out',
    (text: string): string => {
      requireQuery(text);
      return text;
    },
    '',
  );
