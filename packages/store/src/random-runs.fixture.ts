import type { ItemCause } from '@flywheel/domain/critique';
import { JudgeId, type RunId, type TraceId } from '@flywheel/domain/ids';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { ItemResult } from '@flywheel/domain/run-item';
import { expect } from 'vitest';
import type { Oracle, OracleTrace } from './oracle.fixture.ts';
import { select } from './oracle-answers.fixture.ts';
import { type Dice, QUERIES } from './random-material.fixture.ts';
import type { Store } from './store.ts';

const CAUSES: readonly ItemCause[] = ['parse', 'timeout', 'quota'];

interface OracleItem {
  trace: OracleTrace;
  seq: number;
  repetition: number;
  result: ItemResult | null;
}

interface OracleRun {
  id: RunId;
  judge: JudgeId;
  repetitions: number;
  items: OracleItem[];
  /** Traces that a verdict of the run flawed. */
  flawed: Set<OracleTrace>;
  calls: number;
}

/** Runs at random, done to a store and to plain arrays; the verdicts go to the oracle of traces. */
export class RandomRuns {
  private readonly dice: Dice;
  private readonly oracle: Oracle;
  private readonly runs: OracleRun[] = [];

  constructor(dice: Dice, oracle: Oracle) {
    this.dice = dice;
    this.oracle = oracle;
  }

  /** @returns what was done */
  async operate(store: Store, at: number): Promise<string> {
    const roll = this.runs.length === 0 ? 0 : this.dice.below(10);
    if (roll < 2) return this.start(store);
    const run = this.dice.one(this.runs);
    if (roll < 7) return this.record(store, run, at);
    return roll < 9 ? this.reopen(store, run) : this.add(store, run);
  }

  private async start(store: Store): Promise<string> {
    const { dice } = this;
    const id = await store.runs.create({
      kind: 'critique',
      title: '',
      subject: '',
      fingerprint: '',
      config: {},
    });
    const judge = JudgeId.parse(dice.one(['critic:first@1', 'critic:first@2']));
    const run = {
      id,
      judge,
      repetitions: 1 + dice.below(3),
      items: [],
      flawed: new Set<OracleTrace>(),
      calls: 0,
    };
    this.runs.push(run);
    const seqs = await this.choose(store, run);
    await store.runs.freeze(id, seqs, run.repetitions);
    return `run ${id}: ${seqs.length} times ${run.repetitions}`;
  }

  /** Results of some items, twice told and foreign ones among them. */
  private async record(store: Store, run: OracleRun, at: number): Promise<string> {
    const { dice } = this;
    const results = Array.from({ length: 1 + dice.below(12) }, (): ItemResult => {
      const item = run.items.length > 0 ? dice.one(this.standing(run)) : undefined;
      return item && dice.chance(0.95)
        ? this.outcome(run, item, at)
        : { seq: 1_000_000, repetition: 0, state: 'done' };
    });
    let kept = 0;
    for (const result of results) {
      const item = this.standing(run).find(
        (i) => i.seq === result.seq && i.repetition === result.repetition && i.result === null,
      );
      if (!item) continue;
      kept++;
      item.result = result;
      run.calls += result.answer?.attempts ?? Number(result.detail?.attempts ?? 0);
      if (!result.judgement) continue;
      this.oracle.judge([result.judgement]);
      if (result.judgement.verdict === 'flawed') run.flawed.add(item.trace);
    }
    const { done, failed, skipped } = await store.runs.record(run.id, results);
    expect(done + failed + skipped).toBe(kept);
    return `run ${run.id}: ${kept} of ${results.length} results`;
  }

  private outcome(run: OracleRun, item: OracleItem, at: number): ItemResult {
    const { dice } = this;
    const { seq, repetition, trace } = item;
    if (dice.chance(0.3)) {
      const detail = { attempts: 1 + dice.below(5) };
      return { seq, repetition, state: 'failed', cause: dice.one(CAUSES), error: 'no', detail };
    }
    const firstError = dice.chance(0.5) ? dice.below(trace.record.steps.length) : null;
    const rationale = dice.words(2);
    const answer = {
      key: seq.toString(16).padStart(64, '0'),
      position: firstError ?? -1,
      category: null,
      confidence: null,
      rationale,
      cached: false,
      inputTokens: 5,
      outputTokens: 1,
      cost: null,
      modelMs: 1,
      queueMs: 1,
      attempts: 1 + dice.below(2),
    };
    const judgement = {
      trace: trace.record.id as TraceId,
      judge: run.judge,
      scope: 'steps' as const,
      verdict: firstError === null ? ('clean' as const) : ('flawed' as const),
      firstError,
      labels: dice.labels(trace.record.steps.length),
      category: null,
      confidence: null,
      rationale,
      evidence: [],
      version: '1',
      imported: false,
      at,
    };
    return { seq, repetition, state: 'done', answer, ...(repetition === 0 ? { judgement } : {}) };
  }

  private async reopen(store: Store, run: OracleRun): Promise<string> {
    const cause = this.dice.one([...CAUSES, undefined]);
    const open = this.standing(run).filter(
      (i) => i.result?.state === 'failed' && (cause === undefined || i.result.cause === cause),
    );
    for (const item of open) item.result = null;
    expect(await store.runs.reopen(run.id, {}, { cause })).toBe(open.length);
    return `run ${run.id}: reopen ${cause}`;
  }

  private async add(store: Store, run: OracleRun): Promise<string> {
    const before = run.items.length;
    const seqs = await this.choose(store, run);
    const added = await store.runs.addItems(run.id, seqs, 'more');
    expect(added).toBe((run.items.length - before) / run.repetitions);
    return `run ${run.id}: ${added} more`;
  }

  /** Adds what a query selects to the run's items. @returns all that it selects */
  private async choose(store: Store, run: OracleRun): Promise<Uint32Array> {
    const traces = select(this.oracle, requireQuery(this.dice.one(QUERIES)));
    const found = await store.traces.seqsOf(traces.map((t) => t.record.id as TraceId));
    const there = new Set(this.standing(run).map((i) => i.trace));
    const seqOf = (trace: OracleTrace) => found.get(trace.record.id as TraceId) as number;
    this.oracle.runs.set(run.id, new Set([...(this.oracle.runs.get(run.id) ?? []), ...traces]));
    for (const trace of traces.filter((t) => !there.has(t)))
      for (let repetition = 0; repetition < run.repetitions; repetition++)
        run.items.push({ trace, seq: seqOf(trace), repetition, result: null });
    return Uint32Array.from(traces, seqOf);
  }

  /** Those items whose trace did not go with its import. */
  private standing(run: OracleRun): OracleItem[] {
    const gone = run.items.filter((i) => !this.oracle.traces.includes(i.trace));
    // What they cost went with them.
    for (const { result } of gone)
      run.calls -= result?.answer?.attempts ?? Number(result?.detail?.attempts ?? 0);
    run.items = run.items.filter((i) => !gone.includes(i));
    return run.items;
  }

  async compare(store: Store): Promise<void> {
    for (const run of this.runs) {
      const items = this.standing(run);
      const open = items
        .filter((i) => i.result === null)
        .sort((a, b) => a.repetition - b.repetition || a.seq - b.seq)
        .map(({ seq, repetition }) => ({ seq, repetition }));
      const limit = 1 + this.dice.below(30);
      expect(await store.runs.missing(run.id, limit), `run ${run.id}`).toEqual(open.slice(0, limit));
      const of = (state: ItemResult['state']) => items.filter((i) => i.result?.state === state).length;
      expect(await store.runs.tally(run.id), `run ${run.id}`).toEqual(
        items.length === 0
          ? null
          : {
              total: items.length,
              done: of('done'),
              failed: of('failed'),
              skipped: 0,
              flawed: [...run.flawed].filter((t) => this.oracle.traces.includes(t)).length,
            },
      );
      expect((await store.runs.spend(run.id)).calls, `run ${run.id}`).toBe(run.calls);
    }
  }
}
