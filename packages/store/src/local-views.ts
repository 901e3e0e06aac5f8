import type { RunId, TraceId } from '@flywheel/domain/ids';
import type { TraceLink, TraceScore } from '@flywheel/domain/local-run';
import type { ModelId } from '@flywheel/domain/model';
import type { Outcome } from '@flywheel/domain/trace';
import { OUTCOMES } from './codes.ts';
import type { Database, Row } from './database.ts';
import { seqList } from './trace-rows.ts';

/** A trace that descends from another, or from which it descends. */
export interface Relative extends TraceLink {
  trace: TraceId;
  outcome: Outcome;
  answer: string | null;
}

/** What samples of one item of a run came to. */
export interface SampledItem {
  trace: TraceId;
  /** `task/ordinal` of its problem. */
  label: string;
  reference: string | null;
  /** Of the item's own trace. */
  outcome: Outcome;
  samples: { trace: TraceId; outcome: Outcome; answer: string | null }[];
}

const linkOf = (r: Row): Relative => ({
  trace: r.id as TraceId,
  outcome: OUTCOMES[Number(r.outcome)] ?? 'unknown',
  answer: r.answer as string | null,
  kind: r.kind as TraceLink['kind'],
  run: Number(r.run),
  sample: Number(r.sample),
  step: Number(r.step),
});

const RELATIVE = `SELECT t.id, t.outcome, b.answer, l.kind, l.run, l.sample, l.step FROM trace_parent l`;

/** Reading what local models found. */
export class LocalViews {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** The newest score of a trace by each model, the newest first. */
  async scores(trace: TraceId): Promise<TraceScore[]> {
    const rows = await this.db.all(
      `SELECT *, epoch_ms(made_at) AS made_ms FROM trace_score WHERE trace = (SELECT seq FROM trace WHERE id = $1)
       QUALIFY row_number() OVER (PARTITION BY model ORDER BY run DESC) = 1 ORDER BY run DESC`,
      [trace],
    );
    return rows.map((r) => ({
      run: Number(r.run),
      model: r.model as ModelId,
      ranOn: JSON.parse(r.ran_on as string),
      at: Number(r.made_ms),
      promptTokens: Number(r.prompt_tokens),
      steps: JSON.parse(r.steps as string),
    }));
  }

  /** Whom a trace descends from, and those that descend from it, at most `limit` of them, the newest run first. */
  async relatives(trace: TraceId, limit = 200): Promise<{ parents: Relative[]; children: Relative[] }> {
    const [parents, children] = await Promise.all([
      this.db.all(
        `${RELATIVE} JOIN trace t ON t.seq = l.parent JOIN trace_body b ON b.seq = t.seq
         WHERE l.trace = (SELECT seq FROM trace WHERE id = $1)`,
        [trace],
      ),
      this.db.all(
        `${RELATIVE} JOIN trace t ON t.seq = l.trace JOIN trace_body b ON b.seq = t.seq
         WHERE l.parent = (SELECT seq FROM trace WHERE id = $1) ORDER BY l.run DESC, l.sample LIMIT ${Math.trunc(limit)}`,
        [trace],
      ),
    ]);
    return { parents: parents.map(linkOf), children: children.map(linkOf) };
  }

  /** The first trace of each problem among these, in order of arrival. */
  async onePerProblem(seqs: Uint32Array): Promise<Uint32Array> {
    const rows = await this.db.all(
      'SELECT min(seq) AS seq FROM trace WHERE seq IN (SELECT unnest($1::UINTEGER[])) GROUP BY problem ORDER BY 1',
      [seqList(seqs)],
    );
    return Uint32Array.from(rows, (r) => Number(r.seq));
  }

  /** Where the first error of a run's traces stands, by row number; those without one are left out. */
  async flawSteps(run: RunId): Promise<Map<number, number>> {
    const rows = await this.db.all(
      'SELECT seq, first_error FROM trace WHERE first_error >= 0 AND seq IN (SELECT trace FROM run_item WHERE run = $1)',
      [run],
    );
    return new Map(rows.map((r) => [Number(r.seq), Number(r.first_error)]));
  }

  /** What a run's samples answered, by item, in order of arrival. */
  async sampled(run: RunId): Promise<SampledItem[]> {
    const rows = await this.db.all(
      `SELECT p.seq AS item, p.id AS parent_id, n.value || '/' || pr.ordinal AS label, pr.reference, p.outcome AS own,
         t.id, t.outcome, b.answer
       FROM trace_parent l JOIN trace t ON t.seq = l.trace JOIN trace_body b ON b.seq = l.trace
       JOIN trace p ON p.seq = l.parent JOIN problem pr ON pr.seq = p.problem
       JOIN name n ON n.kind = 'task' AND n.code = pr.task
       WHERE l.run = $1 ORDER BY l.parent, l.sample`,
      [run],
    );
    const items = new Map<number, SampledItem>();
    for (const r of rows) {
      const item: SampledItem = items.get(Number(r.item)) ?? {
        trace: r.parent_id as TraceId,
        label: r.label as string,
        reference: r.reference as string | null,
        outcome: OUTCOMES[Number(r.own)] ?? 'unknown',
        samples: [],
      };
      item.samples.push({
        trace: r.id as TraceId,
        outcome: OUTCOMES[Number(r.outcome)] ?? 'unknown',
        answer: r.answer as string | null,
      });
      items.set(Number(r.item), item);
    }
    return [...items.values()];
  }
}
