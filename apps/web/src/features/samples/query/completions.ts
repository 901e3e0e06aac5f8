import { FIELDS } from '@flywheel/domain/query/ast';
import type { CompletionContext } from '@flywheel/domain/query/edit';
import { printValue } from '@flywheel/domain/query/print';

export interface Completion {
  label: string;
  /** Right-aligned: a count, or what a field means. */
  note: string;
  /** Replaces [start, end) of the context. */
  insert: string;
}

const MEANING: Readonly<Record<string, string>> = {
  id: 'one trace',
  problem: 'task/number',
  task: 'task family',
  model: 'who wrote it',
  outcome: 'right, wrong, none',
  category: 'kind of flaw',
  error: 'first error: step, clean',
  steps: 'number, or 2..9',
  judge: 'has its verdict',
  flawedby: 'this judge found a flaw',
  cleanby: 'this judge found none',
  conflict: 'judges disagree',
  reviewed: 'by a person',
  reviewer: 'by whom',
  source: 'where it came from',
  import: 'number of the import',
  run: 'number of a run over it',
  flagged: 'marked by a person',
  tag: 'own label',
  selection: 'frozen list',
};
const SHOWN = 12;

/** Completions of a field's name; imported fields come after the workspace's own. */
export const fieldCompletions = (typed: string, imported: readonly string[]): Completion[] =>
  [...FIELDS, ...imported.map((name) => `meta.${name}`)]
    .filter((f) => f.startsWith(typed.toLowerCase()) || (typed.length > 1 && f.includes(typed.toLowerCase())))
    .slice(0, SHOWN + imported.length)
    .map((f) => ({ label: `${f}:`, note: MEANING[f] ?? 'imported field', insert: `${f}:` }));

/** Completions of a value: what the field may be, or what the workspace holds, most frequent first. */
export const valueCompletions = (
  context: Extract<CompletionContext, { kind: 'value' }>,
  values: readonly { value: string; label: string; count: number | null }[],
): Completion[] =>
  values
    .filter((v) => `${v.value} ${v.label}`.toLowerCase().includes(context.typed.toLowerCase()))
    .slice(0, SHOWN)
    .map((v) => ({
      label: v.label === v.value ? v.value : `${v.value}  ${v.label}`,
      note: v.count === null ? '' : v.count.toLocaleString('en'),
      insert: `${printValue({ kind: 'is', value: v.value })} `,
    }));

/** The text after a choice, and where the caret stands then. */
export const complete = (
  text: string,
  context: { start: number; end: number },
  insert: string,
): { text: string; caret: number } => ({
  text: `${text.slice(0, context.start)}${insert}${text.slice(context.end).replace(/^ /, '')}`,
  caret: context.start + insert.length,
});
