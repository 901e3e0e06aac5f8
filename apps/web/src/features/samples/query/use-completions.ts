import { CLOSED_VALUES } from '@flywheel/domain/query/ast';
import { completionAt } from '@flywheel/domain/query/edit';
import { useQuery } from '@tanstack/react-query';
import { samplesQueries } from '../server.ts';
import { fieldCompletions, valueCompletions } from './completions.ts';

/** What may stand at the caret; values come from the workspace, counted under the other filters. */
export const useCompletions = (text: string, caret: number, open: boolean) => {
  const context = open ? completionAt(text, caret) : null;
  const field = context?.kind === 'value' ? context.field : null;
  const closed = field === null ? undefined : CLOSED_VALUES[field];
  const isSelection = field === 'selection';
  const found = useQuery({
    ...samplesQueries.facetValues(text, field ?? '', context?.typed ?? ''),
    enabled: field !== null && !closed && !isSelection,
  });
  const selections = useQuery({ ...samplesQueries.selections(), enabled: isSelection });
  const imported = useQuery({ ...samplesQueries.importedFields(), enabled: open });
  if (!context) return { context, options: [] };
  if (context.kind === 'field') {
    const names = imported.data?.map((f) => f.name) ?? [];
    return { context, options: fieldCompletions(context.typed, names) };
  }
  const values = closed
    ? closed.map((value) => ({ value, label: value, count: null }))
    : isSelection
      ? (selections.data ?? []).map((s) => ({ value: s.name, label: s.name, count: s.size }))
      : (found.data ?? []);
  return { context, options: valueCompletions(context, values) };
};
