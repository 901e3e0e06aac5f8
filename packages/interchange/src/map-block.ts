import type { Reject } from '@flywheel/domain/ingest';
import { blockOf, type TraceBlock, type WrittenTrace } from '@flywheel/domain/trace-block';
import { RecordError } from './draft.ts';
import { Identifier } from './ids.ts';
import { mapRecord } from './map-record.ts';
import type { Mapping } from './mapping.ts';
import type { Block } from './read/block.ts';
import { excerptOf, parseBlock } from './read/parse-block.ts';

export interface MappedBlock {
  /** Ids are those of the content: equal traces are not yet told apart. */
  traces: TraceBlock;
  rejects: Reject[];
}

/** The traces of a block of records, and the records that give none. */
export const mapBlock = (block: Block, mapping: Mapping, file: string): MappedBlock => {
  const traces: WrittenTrace[] = [];
  const ids = new Identifier();
  const rejects: Reject[] = [];
  for (const { line, value, reason, excerpt, bytes } of parseBlock(block)) {
    if (value === undefined) {
      rejects.push({ file, line, reason: reason ?? 'empty', excerpt });
      continue;
    }
    try {
      for (const draft of mapRecord(mapping, value, file)) traces.push(ids.identify(draft));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      rejects.push({ file, line, reason: error.message, excerpt: excerptOf(bytes) });
    }
  }
  return { traces: blockOf(traces), rejects };
};
