import type { IngestTrace } from '@flywheel/domain/ingest';
import { type TraceBlock, textAt, wordAt } from '@flywheel/domain/trace-block';

/** Blocks as traces again, for tests that look at what an import hands to its sink. */
export const tracesOf = (blocks: readonly TraceBlock[]): IngestTrace[] =>
  blocks.flatMap((b) =>
    b.ids.map((id, i) => {
      const gold = b.golds.get(i);
      return {
        id,
        problemId: b.problemIds[i] as string,
        task: wordAt(b.tasks, i),
        prompt: textAt(b.prompts, i),
        reference: b.references[i] ?? null,
        model: wordAt(b.models, i),
        source: wordAt(b.sources, i),
        given: b.given[i] ?? null,
        answer: b.answers[i] ?? null,
        steps: JSON.parse(textAt(b.steps, i)),
        extra: JSON.parse(b.extras[i] ?? '{}'),
        ...(gold && { gold }),
      };
    }),
  );
