/** What an export is made of: written as `FILE.card.json` for programs and `FILE.card.md` for people. */
export interface DataCard {
  file: string;
  format: string;
  /** The query that selected the traces. */
  query: string;
  written: number;
  skipped: number;
  /** Why traces were left out, and how many for each reason. */
  reasons: Record<string, number>;
  /** Of the file's bytes. */
  sha256: string;
  /** Traces by task, model and source; judgements by judge and version. */
  tasks: Record<string, number>;
  models: Record<string, number>;
  sources: Record<string, number>;
  judges: Record<string, number>;
  license: string | null;
}

/** Names come from imported files: nothing in them may act as Markdown or HTML. */
const plain = (text: string): string =>
  text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\\`*_{}[\]#+!|<>&~]/g, (c) => (c === '<' ? '&lt;' : c === '&' ? '&amp;' : `\\${c}`));

const table = (title: string, what: string, counts: Record<string, number>): string => {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return '';
  return `\n## ${title}\n\n| ${what} | number |\n| --- | ---: |\n${rows.map(([name, n]) => `| ${plain(name)} | ${n} |\n`).join('')}`;
};

/** The card as Markdown. */
export const markdownCard = (card: DataCard, title: string): string =>
  [
    `# ${plain(card.file)}\n\n`,
    `| | |\n| --- | --- |\n`,
    `| format | ${plain(title)} (${plain(card.format)}) |\n`,
    `| traces | ${card.written} written, ${card.skipped} left out |\n`,
    `| query | ${card.query.trim() === '' ? 'everything' : plain(card.query)} |\n`,
    `| SHA-256 | ${card.sha256} |\n`,
    `| license | ${card.license === null ? 'not stated: ask whoever the sources belong to' : plain(card.license)} |\n`,
    table('Left out', 'reason', card.reasons),
    table('Sources', 'source', card.sources),
    table('Tasks', 'task', card.tasks),
    table('Models', 'model', card.models),
    table('Judgements', 'judge (version)', card.judges),
  ].join('');
