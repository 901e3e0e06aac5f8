import { Sort } from '@flywheel/domain/facet';
import { z } from 'zod';

/** Text of the query bar; '' selects everything. Procedures that start work reject text that does not parse. */
export const QueryText = z.string().max(20_000);

export const Page = z.object({
  query: QueryText,
  sort: Sort.default({ key: 'arrival', descending: false }),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(500),
});

/** A name that a user gives: 1..120 characters. */
export const Name = z.string().trim().min(1).max(120);
