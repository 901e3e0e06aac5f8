import type { RunId } from '@flywheel/domain/ids';
import type { RunItem } from '@flywheel/domain/run-item';
import type { Database } from './database.ts';
import { appendItems } from './run-items.ts';

const START: RunItem = { seq: 0, repetition: 0 };

/** What a run is to do: its frozen traces, each so many times. What is still to do is read off against the results. */
export class RunPlan {
  private readonly db: Database;
  /** Of a run: every item before this one has a result. Looked for from here on, so that a long run does not get slower. */
  private readonly floors = new Map<RunId, RunItem>();
  /** Writes under way that make items to do again, or new ones; no floor holds meanwhile. */
  private changes = 0;
  /** Counts such writes: a floor that was read before one of them does not hold after it. */
  private epoch = 0;

  constructor(db: Database) {
    this.db = db;
  }

  async freeze(id: RunId, seqs: Uint32Array, repetitions: number): Promise<void> {
    const write = this.db.write(async (tx) => {
      const [row] = await tx.all('SELECT count(*)::INTEGER AS n FROM run_item WHERE run = $1', [id]);
      if ((row?.n as number) > 0) return;
      await appendItems(tx, id, [...seqs]);
      await tx.run('UPDATE run SET repetitions = $2, total = $3 WHERE id = $1', [
        id,
        repetitions,
        BigInt(seqs.length * repetitions),
      ]);
    });
    await this.changing(write);
  }

  async add(id: RunId, seqs: Uint32Array, fingerprint: string): Promise<number> {
    const write = this.db.write(async (tx) => {
      const there = new Set(
        (await tx.all('SELECT trace FROM run_item WHERE run = $1', [id])).map((r) => Number(r.trace)),
      );
      const fresh = [...new Set(seqs)].filter((seq) => !there.has(seq));
      if (fresh.length === 0) return 0;
      await appendItems(tx, id, fresh);
      await tx.run('UPDATE run SET fingerprint = $2, total = $3::BIGINT * repetitions WHERE id = $1', [
        id,
        fingerprint,
        BigInt(there.size + fresh.length),
      ]);
      return fresh.length;
    });
    return this.changing(write);
  }

  async seqs(id: RunId): Promise<Uint32Array> {
    const rows = await this.db.all('SELECT trace FROM run_item WHERE run = $1 ORDER BY trace', [id]);
    return Uint32Array.from(rows, (r) => Number(r.trace));
  }

  async missing(id: RunId, limit: number): Promise<RunItem[]> {
    const epoch = this.epoch;
    const from = (this.changes === 0 && this.floors.get(id)) || START;
    const [run] = await this.db.all('SELECT repetitions FROM run WHERE id = $1', [id]);
    const repetitions = Number(run?.repetitions ?? 0);
    const found: RunItem[] = [];
    for (let n = from.repetition; n < repetitions && found.length < limit; n++) {
      const low = n === from.repetition ? from.seq : 0;
      const rows = await this.db.all(
        `SELECT i.trace FROM (SELECT trace FROM run_item WHERE run = ${id} AND trace >= ${low}) i
           ANTI JOIN (SELECT trace FROM run_result WHERE run = ${id} AND repetition = ${n} AND trace >= ${low}) r
             ON r.trace = i.trace
         ORDER BY i.trace LIMIT ${Math.trunc(limit) - found.length}`,
      );
      for (const r of rows) found.push({ seq: Number(r.trace), repetition: n });
    }
    if (this.changes === 0 && epoch === this.epoch)
      this.floors.set(id, found[0] ?? { seq: 0, repetition: repetitions });
    return found;
  }

  /** Waits for a write that may put items to do below a floor. */
  async changing<T>(write: Promise<T>): Promise<T> {
    this.changes++;
    this.epoch++;
    try {
      return await write;
    } finally {
      this.floors.clear();
      this.changes--;
      this.epoch++;
    }
  }
}
