import { hash } from 'node:crypto';
import type { IngestTrace } from '@flywheel/domain/ingest';
import type { DraftTrace } from './draft.ts';

const hash16 = (text: string): string => hash('sha256', text, 'hex').slice(0, 16);

/**
 * Gives traces their ids. Equal records of one import are told apart by their number of occurrence, so that samples
 * with the same text are all kept; importing the same files again gives the same ids.
 */
export class Ids {
  private readonly seen = new Map<string, number>();

  assign(draft: DraftTrace): IngestTrace {
    const { task, prompt, model, steps, answer, given, gold, extra } = draft;
    const content = hash16(
      JSON.stringify([task, prompt, model, steps, answer, given, gold?.position ?? null, extra]),
    );
    const earlier = this.seen.get(content) ?? 0;
    this.seen.set(content, earlier + 1);
    return {
      ...draft,
      id: earlier === 0 ? content : hash16(`${content}#${earlier}`),
      problemId: hash16(prompt.trim()),
    };
  }
}
