import type { JsonValue } from '@flywheel/domain/trace';
import { type DraftTrace, RecordError } from './draft.ts';
import { mapRecord } from './map-record.ts';
import type { Mapping } from './mapping.ts';

const SHOWN = 20;

/** The first traces that a mapping makes of a sample, and why records did not fit. Browser-safe. */
export const preview = (
  records: readonly JsonValue[],
  mapping: Mapping,
  file: string,
): { traces: DraftTrace[]; rejects: { record: number; reason: string }[] } => {
  const traces: DraftTrace[] = [];
  const rejects: { record: number; reason: string }[] = [];
  records.forEach((record, i) => {
    try {
      if (traces.length < SHOWN) traces.push(...mapRecord(mapping, record, file));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      rejects.push({ record: i, reason: error.message });
    }
  });
  return { traces: traces.slice(0, SHOWN), rejects };
};
