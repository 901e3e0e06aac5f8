import { z } from 'zod';

/** One value of a facet. `count` respects every filter but this facet's own; `total` respects none. */
export const FacetValue = z.object({
  /** As it stands in a query: `gsm8k`, `wrong`, `3`, `clean`, `none`. */
  value: z.string(),
  label: z.string(),
  count: z.number().int(),
  total: z.number().int(),
  selected: z.boolean(),
});
export type FacetValue = z.infer<typeof FacetValue>;

export const Facet = z.object({
  field: z.string(),
  title: z.string(),
  /** `values`: a list by count. `columns`: an ordered histogram (error, steps), one column a value or range. */
  shape: z.enum(['values', 'columns']),
  /** Of `columns`: from one value to the next. */
  unit: z.number().positive(),
  values: z.array(FacetValue),
  /** Distinct values that are not in `values`. */
  more: z.number().int(),
  filtered: z.boolean(),
});
export type Facet = z.infer<typeof Facet>;

export const FacetResult = z.object({
  /** Traces in the workspace, and those that the query selects. */
  total: z.number().int(),
  matched: z.number().int(),
  facets: z.array(Facet),
  milliseconds: z.number(),
});
export type FacetResult = z.infer<typeof FacetResult>;

export const SortKey = z.enum([
  'arrival',
  'problem',
  'task',
  'model',
  'outcome',
  'answer',
  'reference',
  'steps',
  'error',
  'category',
  'conflict',
  'usefulness',
  'surprise',
]);
export type SortKey = z.infer<typeof SortKey>;
export const Sort = z.object({ key: SortKey, descending: z.boolean() });
export type Sort = z.infer<typeof Sort>;
