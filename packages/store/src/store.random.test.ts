import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATEGORIES } from '@flywheel/domain/category';
import { SortKey } from '@flywheel/domain/facet';
import { type ImportId, JudgeId, type TraceId } from '@flywheel/domain/ids';
import type { IngestTrace } from '@flywheel/domain/ingest';
import type { Judgement } from '@flywheel/domain/judgement';
import { requireQuery } from '@flywheel/domain/query/parse';
import type { Review } from '@flywheel/domain/review';
import { expect, it } from 'vitest';
import { Oracle, type OracleTrace } from './oracle.fixture.ts';
import { facet, row, select, sorted } from './oracle-answers.fixture.ts';
import { Dice, FACETS, JUDGES, makeRecords, QUERIES, uuid } from './random-material.fixture.ts';
import { RandomRuns } from './random-runs.fixture.ts';
import { openStore, type Store } from './store.ts';

const SEEDS = process.env.FLYWHEEL_SEED ? [Number(process.env.FLYWHEEL_SEED)] : [1, 2];
const OPERATIONS = 60;
const EVERY = 10;

/** One store and its oracle, to which the same is done. */
class Pair {
  readonly home = mkdtempSync(join(tmpdir(), 'flywheel-random-'));
  readonly oracle = new Oracle();
  readonly dice: Dice;
  readonly records: IngestTrace[];
  readonly runs: RandomRuns;
  readonly done: string[] = [];
  store!: Store;
  private clock = 1_000;
  private reviews = 0;
  private readonly imports: ImportId[] = [];

  constructor(seed: number) {
    this.dice = new Dice(seed);
    this.records = makeRecords(this.dice);
    this.runs = new RandomRuns(this.dice, this.oracle);
  }

  async open(): Promise<void> {
    this.store = await openStore(this.home);
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.home, { recursive: true, force: true });
  }

  async operate(): Promise<void> {
    const { dice } = this;
    const roll = this.oracle.traces.length < 8 ? 0 : dice.below(27);
    if (roll < 3) await this.import();
    else if (roll < 7) await this.judge();
    else if (roll < 10) await this.review();
    else if (roll < 12) await this.undoReview();
    else if (roll < 15) await this.tag();
    else if (roll < 16) await this.undoAct();
    else if (roll < 17) await this.freeze();
    else if (roll < 19) await this.undoImport();
    else if (roll < 20) await this.reopen();
    else this.say(await this.runs.operate(this.store, this.clock++));
  }

  private say(what: string): void {
    this.done.push(what);
  }

  private any(): OracleTrace {
    return this.dice.one(this.oracle.traces);
  }

  private async import(): Promise<void> {
    const { dice } = this;
    const id = await this.store.imports.begin({ title: 'random', mapping: {} });
    this.imports.push(id);
    const batches = Array.from({ length: 1 + dice.below(3) }, () =>
      Array.from({ length: 1 + dice.below(12) }, () => dice.one(this.records)),
    );
    // Batches overlap, as those of two files do.
    const counts = await Promise.all(batches.map((b) => this.store.imports.write(id, b)));
    expect(counts).toEqual(batches.map((b) => this.oracle.write(id, b)));
    this.say(`import ${id}: ${JSON.stringify(counts)}`);
    await this.store.imports.finish(id, 'done', null);
    const [row] = await this.store.imports.list();
    expect(row).toMatchObject({ id, state: 'done', imported: counts.reduce((n, c) => n + c.imported, 0) });
  }

  private async judge(): Promise<void> {
    const { dice } = this;
    const judgements = Array.from({ length: 1 + dice.below(8) }, (): Judgement => {
      const t = this.any();
      const [judge, scope] = dice.one(JUDGES);
      const flawed = dice.chance(0.6);
      return {
        trace: t.record.id as TraceId,
        judge: JudgeId.parse(judge),
        scope,
        verdict: flawed ? 'flawed' : 'clean',
        firstError: flawed && dice.chance(0.8) ? dice.below(t.record.steps.length) : null,
        labels: scope === 'steps' ? dice.labels(t.record.steps.length) : [],
        category: flawed ? dice.one([null, ...CATEGORIES.map((c) => c.id)]) : null,
        confidence: dice.one([null, 0.5]),
        rationale: dice.chance(0.5) ? dice.words(3) : '',
        evidence: [],
        version: '1',
        imported: false,
        at: this.clock++,
      };
    });
    this.say(`judge ${judgements.map((j) => `${j.trace} ${j.judge}`)}`);
    await this.store.judgements.append(judgements);
    this.oracle.judge(judgements);
  }

  private async review(): Promise<void> {
    const { dice } = this;
    const t = this.any();
    const flawed = dice.chance(0.6);
    const review: Review = {
      id: uuid(this.reviews++),
      trace: t.record.id as TraceId,
      reviewer: dice.one(['ada', 'bob']),
      action: dice.one(['commit', 'commit', 'commit', 'skip', 'give-up']),
      firstError: flawed ? dice.below(t.record.steps.length) : null,
      labels: dice.labels(t.record.steps.length),
      category: flawed ? dice.one([null, 'sign', 'misread']) : null,
      rationale: dice.chance(0.5) ? dice.words(2) : '',
      corrections: [],
      flagged: dice.chance(0.3),
      reason: '',
      undoes: null,
      spentMs: 10,
      blind: true,
      at: this.clock++,
    };
    this.say(`review ${review.trace} ${review.reviewer} ${review.action}`);
    // The browser may send it twice.
    for (let i = 0; i < 1 + dice.below(2); i++)
      expect(await this.store.reviews.append(review)).toEqual({ kept: this.oracle.review(review) });
  }

  private async undoReview(): Promise<void> {
    const found = this.oracle.reviews.filter((r) => r.review.action !== 'undo');
    if (found.length === 0) return;
    const { review } = this.dice.one(found);
    const request = {
      id: uuid(this.reviews++),
      undoes: review.id,
      reviewer: review.reviewer,
      at: this.clock++,
    };
    this.say(`undo review ${review.trace} ${review.reviewer}`);
    await this.store.reviews.undo(request);
    this.oracle.review({ ...review, ...request, action: 'undo' });
  }

  private async tag(): Promise<void> {
    const { dice } = this;
    const text = dice.one(QUERIES);
    const on = dice.chance(0.7);
    const tag = dice.one(['hard', 'odd', null]);
    this.say(`${tag ?? 'flag'} ${on} on ${text}`);
    const query = requireQuery(text);
    const { act, changed } = tag
      ? await this.store.tags.tag(query, tag, on)
      : await this.store.tags.flag(query, on);
    const expected = this.oracle.act(act, select(this.oracle, query), (t) => {
      if ((tag ? t.tags.has(tag) : t.flagged) === on) return null;
      if (!tag) t.flags.push({ by: act, on });
      const put = (value: boolean) => {
        if (!tag) t.flagged = value;
        else if (value) t.tags.add(tag);
        else t.tags.delete(tag);
      };
      put(on);
      return () => {
        if (!tag) t.flags = t.flags.filter((f) => f.by !== act);
        put(!on);
      };
    });
    expect(changed).toBe(expected);
  }

  private async undoAct(): Promise<void> {
    const ids = [...this.oracle.acts.keys()];
    if (ids.length === 0) return;
    const id = this.dice.one(ids);
    const act = this.oracle.acts.get(id);
    this.say(`undo act ${id}`);
    await this.store.tags.undo(id);
    if (act && !act.undone) act.undo();
    if (act) act.undone = true;
  }

  private async freeze(): Promise<void> {
    const text = this.dice.one(QUERIES);
    this.say(`freeze ${text}`);
    const { added } = await this.store.selections.freeze('kept', text, requireQuery(text));
    const items = this.oracle.selections.get('kept') ?? new Set();
    const before = items.size;
    for (const t of select(this.oracle, requireQuery(text))) items.add(t);
    this.oracle.selections.set('kept', items);
    expect(added).toBe(items.size - before);
  }

  private async undoImport(): Promise<void> {
    if (this.imports.length === 0) return;
    const id = this.dice.one(this.imports);
    const removed = this.oracle.undoImport(id);
    this.say(`undo import ${id}: ${removed}`);
    const undone = this.store.imports.undo(id);
    if (removed === null) await expect(undone).rejects.toThrow('reviews');
    else expect(await undone).toEqual({ removed });
  }

  private async reopen(): Promise<void> {
    this.say('reopen');
    await this.store.close();
    await this.open();
  }

  async compare(): Promise<void> {
    const { dice, store, oracle } = this;
    for (const text of ['', ...Array.from({ length: 5 }, () => dice.one(QUERIES))]) {
      const query = requireQuery(text);
      const sort = { key: dice.one(SortKey.options), descending: dice.chance(0.5) };
      const wanted = sorted(oracle, query, sort);
      const offset = dice.below(Math.max(1, wanted.length));
      const { total, rows } = await store.traces.page({ query, sort, offset, limit: 15 });
      const about = `${text || '(all)'} by ${sort.key}${sort.descending ? ' down' : ''}`;
      expect(total, about).toBe(wanted.length);
      expect(
        rows.map(({ seq: _, ...row }) => ({ ...row, tags: row.tags.sort() })),
        about,
      ).toEqual(wanted.slice(offset, offset + 15).map((t) => row(oracle, t)));
      const facets = await store.traces.facets(query);
      expect([facets.total, facets.matched], about).toEqual([oracle.traces.length, wanted.length]);
      for (const field of FACETS) {
        const values = facets.facets.find((f) => f.field === field)?.values ?? [];
        const counted = values.map(({ value, count, total, selected }) => [
          value,
          { count, total, selected },
        ]);
        expect(Object.fromEntries(counted), `${field} under ${about}`).toEqual(
          Object.fromEntries(facet(oracle, query, field)),
        );
      }
      for (const field of ['flawedby', 'cleanby']) {
        const values = await store.traces.facetValues(query, field, 'critic');
        expect(
          Object.fromEntries(values.map(({ label: _, value, ...counted }) => [value, counted])),
          `${field} under ${about}`,
        ).toEqual(
          Object.fromEntries(
            [...facet(oracle, query, field)].filter(([judge]) => judge.startsWith('critic')),
          ),
        );
      }
    }
    if (oracle.traces.length > 0) await this.compareOpened();
    await this.runs.compare(store);
    const [kept] = await store.selections.list();
    expect(kept?.size ?? 0).toBe(oracle.selections.get('kept')?.size ?? 0);
  }

  private async compareOpened(): Promise<void> {
    const t = this.any();
    const detail = await this.store.traces.open(t.record.id as TraceId);
    const { standing } = this.oracle.derive(t);
    expect(detail?.judgements.map((j) => (j.judge === 'human:imported-gold' ? { ...j, at: 0 } : j))).toEqual(
      standing,
    );
    expect(detail?.steps).toEqual(t.record.steps);
    expect(detail?.extra).toEqual(t.record.extra);
    expect(detail?.siblings.map((s) => s.id)).toEqual(
      this.oracle.traces
        .filter((o) => o !== t && o.record.problemId === t.record.problemId)
        .map((o) => o.record.id),
    );
  }

  async doctor(): Promise<void> {
    const { checks } = await this.store.maintenance.doctor();
    expect(checks.filter((c) => !c.ok)).toEqual([]);
    expect(checks.find((c) => c.name.startsWith('resolved'))).toMatchObject({ mended: false });
  }
}

it.each(SEEDS)(
  '[S34] after random operations the store answers as an oracle in plain arrays does (seed %i)',
  async (seed) => {
    const pair = new Pair(seed);
    try {
      await pair.open();
      for (let i = 1; i <= OPERATIONS; i++) {
        await pair.operate();
        if (i % EVERY === 0) await pair.compare();
      }
      await pair.doctor();
      await pair.compare();
    } catch (error) {
      console.error(`FLYWHEEL_SEED=${seed} repeats this. Done so far:\n${pair.done.join('\n')}`);
      throw error;
    } finally {
      await pair.close();
    }
  },
  120_000,
);
