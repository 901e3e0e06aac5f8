import type { IngestTrace } from '@flywheel/domain/ingest';

/** A trace as read from a record, before ids: hashing is left to the side that has it (Node here, nothing in a preview). */
export type DraftTrace = Omit<IngestTrace, 'id' | 'problemId'>;

/** Thrown by a reader for a record that does not fit; the message says which field, and what was expected. */
export class RecordError extends Error {}
