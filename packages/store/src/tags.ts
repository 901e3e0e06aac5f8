import { BIGINT, UINTEGER, USMALLINT } from '@duckdb/node-api';
import type { Query } from '@flywheel/domain/query/ast';
import { type Database, StoreError, timestamp, type Writer } from './database.ts';
import type { Names } from './names.ts';
import { seqList } from './trace-rows.ts';
import type { Traces } from './traces.ts';

/** `reviews`: how many there were before the act. */
type Act = { kind: 'flag'; on: boolean; reviews: number } | { kind: 'tag'; on: boolean; tag: number };

const AMONG = 'IN (SELECT unnest($1::UINTEGER[]))';

/** Flags and tags on everything that a query selects; each act remembers whom it changed, so that it can be taken back. */
export class Tags {
  private readonly db: Database;
  private readonly names: Names;
  private readonly traces: Traces;

  constructor(db: Database, names: Names, traces: Traces) {
    this.db = db;
    this.names = names;
    this.traces = traces;
  }

  async list(): Promise<{ tag: string; n: number }[]> {
    const rows = await this.db.all(
      'SELECT tag, count(*)::INTEGER AS n FROM trace_tag GROUP BY tag ORDER BY n DESC',
    );
    return rows.map((r) => ({ tag: this.names.name('tag', Number(r.tag)), n: r.n as number }));
  }

  async flag(query: Query, on: boolean): Promise<{ act: number; changed: number }> {
    const seqs = await this.traces.seqs(query);
    return this.db.write(async (tx) => {
      const rows = await tx.all(`SELECT seq FROM trace WHERE seq ${AMONG} AND flagged <> ${on === true}`, [
        seqList(seqs),
      ]);
      const [last] = await tx.all('SELECT coalesce(max(ord), -1) + 1 AS n FROM review');
      return this.act(
        tx,
        { kind: 'flag', on, reviews: Number(last?.n) },
        rows.map((r) => Number(r.seq)),
      );
    });
  }

  async tag(query: Query, tag: string, on: boolean): Promise<{ act: number; changed: number }> {
    const seqs = await this.traces.seqs(query);
    return this.db.write(async (tx) => {
      const code = (await this.names.codesFor(tx, 'tag', [tag]))(tag);
      const rows = await tx.all('SELECT trace FROM trace_tag WHERE tag = $1', [code]);
      const tagged = new Set(rows.map((r) => Number(r.trace)));
      return this.act(
        tx,
        { kind: 'tag', on, tag: code },
        [...seqs].filter((s) => tagged.has(s) !== on),
      );
    });
  }

  /** Takes an act back on the traces that it changed; a second time changes nothing. */
  async undo(id: number): Promise<{ changed: number }> {
    return this.db.write(async (tx) => {
      const [row] = await tx.all('SELECT detail, undone FROM bulk_act WHERE id = $1', [BigInt(id)]);
      if (!row) throw new StoreError(`There is no act ${id} to undo.`);
      if (row.undone) return { changed: 0 };
      const act = JSON.parse(row.detail as string) as Act;
      const items = await tx.all('SELECT trace FROM bulk_act_item WHERE act = $1', [BigInt(id)]);
      const seqs = items.map((r) => Number(r.trace));
      await this.apply(tx, { ...act, on: !act.on }, seqs);
      await tx.run('UPDATE bulk_act SET undone = true WHERE id = $1', [BigInt(id)]);
      return { changed: seqs.length };
    });
  }

  private async act(tx: Writer, act: Act, seqs: number[]): Promise<{ act: number; changed: number }> {
    const [last] = await tx.all('SELECT coalesce(max(id), 0) + 1 AS n FROM bulk_act');
    const id = Number(last?.n);
    await tx.run('INSERT INTO bulk_act VALUES ($1, $2, $3, false, $4)', [
      BigInt(id),
      act.kind,
      JSON.stringify(act),
      timestamp(Date.now()),
    ]);
    await tx.append('bulk_act_item', [
      ['act', BIGINT, seqs.map(() => BigInt(id))],
      ['trace', UINTEGER, seqs],
    ]);
    await this.apply(tx, act, seqs);
    return { act: id, changed: seqs.length };
  }

  private async apply(tx: Writer, act: Act, seqs: number[]): Promise<void> {
    if (seqs.length === 0) return;
    if (act.kind === 'flag')
      return tx.run(`UPDATE trace SET flagged = ${act.on === true} WHERE seq ${AMONG}`, [seqList(seqs)]);
    if (!act.on)
      return tx.run(`DELETE FROM trace_tag WHERE trace ${AMONG} AND tag = $2`, [seqList(seqs), act.tag]);
    // An undo may come after another act gave some of them the tag again.
    const rows = await tx.all('SELECT trace FROM trace_tag WHERE tag = $1', [act.tag]);
    const tagged = new Set(rows.map((r) => Number(r.trace)));
    const fresh = seqs.filter((seq) => !tagged.has(seq));
    await tx.append('trace_tag', [
      ['trace', UINTEGER, fresh],
      ['tag', USMALLINT, fresh.map(() => act.tag)],
    ]);
  }
}
