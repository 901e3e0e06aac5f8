import { hash } from 'node:crypto';
import type { WrittenTrace } from '@flywheel/domain/trace-block';
import type { DraftTrace } from './draft.ts';

const hash16 = (text: string): string => hash('sha256', text, 'hex').slice(0, 16);

/** Gives traces the id of their content and that of their problem; equal traces have equal ids. */
export class Identifier {
  /** Traces of one problem mostly stand together. */
  private prompt: string | null = null;
  private problemId = '';

  identify(draft: DraftTrace): WrittenTrace {
    const { task, prompt, model, answer, given, gold } = draft;
    const steps = JSON.stringify(draft.steps);
    const extra = JSON.stringify(draft.extra);
    const head = JSON.stringify([task, prompt, model]).slice(0, -1);
    const rest = JSON.stringify([answer, given, gold?.position ?? null]).slice(1, -1);
    if (prompt !== this.prompt) {
      this.prompt = prompt;
      this.problemId = hash16(prompt.trim());
    }
    const id = hash16(`${head},${steps},${rest},${extra}]`);
    return { trace: { ...draft, id, problemId: this.problemId }, steps, extra };
  }
}

/**
 * Tells equal traces of one file apart by their number of occurrence, so that samples with the same text are all kept,
 * and importing the file again, also in one command, gives the same ids. Counts in flat tables: 24 to 48 bytes a trace.
 */
export class Occurrences {
  private keys = new Uint32Array(2 << 12);
  private counts = new Uint32Array(1 << 12);
  private size = 0;

  /** The id of the occurrence; to be called in the order of the file. */
  number(id: string): string {
    const earlier = this.count(id);
    return earlier === 0 ? id : hash16(`${id}#${earlier}`);
  }

  private count(id: string): number {
    if (this.size * 2 > this.counts.length) this.grow();
    const [high, low] = [Number.parseInt(id.slice(0, 8), 16), Number.parseInt(id.slice(8), 16)];
    const slot = this.slotOf(high, low);
    const earlier = this.counts[slot] as number;
    if (earlier === 0) this.size++;
    this.keys[2 * slot] = high;
    this.keys[2 * slot + 1] = low;
    this.counts[slot] = earlier + 1;
    return earlier;
  }

  /** Where a key stands, or the free place where it belongs. Ids are hashes: their bits need no further mixing. */
  private slotOf(high: number, low: number): number {
    const mask = this.counts.length - 1;
    let slot = low & mask;
    while (this.counts[slot] !== 0 && (this.keys[2 * slot] !== high || this.keys[2 * slot + 1] !== low))
      slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Uint32Array(keys.length * 2);
    this.counts = new Uint32Array(counts.length * 2);
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i] as number;
      if (count === 0) continue;
      const [high, low] = [keys[2 * i] as number, keys[2 * i + 1] as number];
      const slot = this.slotOf(high, low);
      this.keys[2 * slot] = high;
      this.keys[2 * slot + 1] = low;
      this.counts[slot] = count;
    }
  }
}
