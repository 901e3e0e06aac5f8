import { z } from 'zod';

/** Kinds of flaw. Data, not code: `key` is the letter that chooses it in review. */
export const CATEGORIES = [
  { id: 'arithmetic', label: 'arithmetic slip', key: 'a' },
  { id: 'sign', label: 'sign', key: 'i' },
  { id: 'operand', label: 'wrong operand (copy)', key: 'o' },
  { id: 'operation', label: 'wrong operation or order', key: 'w' },
  { id: 'misread', label: 'misread problem', key: 'm' },
  { id: 'unsupported', label: 'unsupported claim', key: 'u' },
  { id: 'skipped', label: 'skipped step', key: 'k' },
  { id: 'unit', label: 'unit', key: 't' },
  { id: 'contradiction', label: 'contradiction', key: 'd' },
  { id: 'format', label: 'format', key: 'l' },
  { id: 'broken', label: 'right answer, broken reasoning', key: 'b' },
  { id: 'other', label: 'other', key: 'h' },
] as const;

export const Category = z.enum(CATEGORIES.map((c) => c.id));
export type Category = z.infer<typeof Category>;

export const categoryLabel = (id: string): string => CATEGORIES.find((c) => c.id === id)?.label ?? id;
