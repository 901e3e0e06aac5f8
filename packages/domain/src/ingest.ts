import type { JsonValue } from './trace.ts';

/**
 * A record that an importer read, ready for the store. Ids are content hashes made by the importer
 * (`packages/interchange/SPEC.md`); the store drops records whose id it already has.
 */
export interface IngestTrace {
  id: string;
  problemId: string;
  task: string;
  prompt: string;
  reference: string | null;
  model: string;
  source: string;
  given: 'right' | 'wrong' | null;
  answer: string | null;
  steps: string[];
  /** Unmapped fields of the record; `{}` when there are none. */
  extra: { [key: string]: JsonValue };
  /** The file's own first-error label: encoded position (step, -1 clean, -2 unlocated); undefined = none. */
  gold?: { position: number; labels: (1 | 0 | -1 | null)[]; rationale?: string };
}

/** A line that could not be imported. `line` is 1-based; `excerpt` at most 200 characters, control characters escaped. */
export interface Reject {
  file: string;
  line: number;
  reason: string;
  excerpt: string;
}
