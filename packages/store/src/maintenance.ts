import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answers } from './answers.ts';
import { type Database, StoreError } from './database.ts';
import { resolveTraces } from './flaws.ts';
import { syncIndex } from './index-sync.ts';
import type { Names } from './names.ts';
import type { Search } from './search/search.ts';

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  /** Something was wrong and has been put right. */
  mended: boolean;
}

/** Rows of each kind that must not exist: what they are, and how to count them. */
const INTEGRITY: [name: string, sql: string][] = [
  [
    'every trace has its text',
    'SELECT count(*)::INTEGER AS n FROM trace WHERE seq NOT IN (SELECT seq FROM trace_body)',
  ],
  [
    'every trace has its problem',
    'SELECT count(*)::INTEGER AS n FROM trace WHERE problem NOT IN (SELECT seq FROM problem)',
  ],
  ['trace ids are unique', 'SELECT count(*)::INTEGER - count(DISTINCT id)::INTEGER AS n FROM trace'],
  [
    'judgements belong to traces',
    'SELECT count(*)::INTEGER AS n FROM judgement WHERE trace NOT IN (SELECT seq FROM trace)',
  ],
  [
    'reviews belong to traces',
    'SELECT count(*)::INTEGER AS n FROM review WHERE trace NOT IN (SELECT seq FROM trace)',
  ],
];

/** Everything on the traces that follows from judgements, as one number. How far a strip is padded says nothing. */
const FLAWS = `SELECT bit_xor(hash(t.seq, outcome, first_error, category, flaw_kind, verifier_at, critic_at, local_at, human_at,
    conflict, reviewed, usefulness, judges, rtrim(coalesce(b.strip, ''), '.')))::VARCHAR
    || (SELECT coalesce(sum(hash(trace, judge)), 0)::VARCHAR FROM trace_judge) AS h
  FROM trace t JOIN trace_body b USING (seq)`;

/** Traces that have judgements, or look as if they had. */
const JUDGED = `SELECT seq FROM trace JOIN trace_body USING (seq) WHERE seq IN (SELECT trace FROM judgement)
  OR first_error IS NOT NULL OR judges <> 0 OR conflict OR reviewed OR strip IS NOT NULL
  OR seq IN (SELECT trace FROM trace_judge) ORDER BY seq`;

export class Maintenance {
  private readonly home: string;
  private readonly db: Database;
  private readonly names: Names;
  private readonly search: Search;
  private readonly answers: Answers;

  constructor(home: string, db: Database, names: Names, search: Search, answers: Answers) {
    this.home = home;
    this.db = db;
    this.names = names;
    this.search = search;
    this.answers = answers;
  }

  /** Checks integrity, and rebuilds what is derived: resolved flaws and the full-text index. */
  async doctor(): Promise<{ checks: Check[] }> {
    const checks: Check[] = [];
    for (const [name, sql] of INTEGRITY) {
      const [row] = await this.db.all(sql);
      const bad = row?.n as number;
      checks.push({
        name,
        ok: bad === 0,
        detail: bad === 0 ? 'yes' : `${bad} are not; restore a backup`,
        mended: false,
      });
    }
    const [before] = await this.db.all(FLAWS);
    await this.db.write(async (tx) => {
      const judged = await tx.all(JUDGED);
      await resolveTraces(
        tx,
        this.names,
        judged.map((r) => Number(r.seq)),
      );
    });
    const [after] = await this.db.all(FLAWS);
    const same = before?.h === after?.h;
    checks.push({
      name: 'resolved flaws follow from the judgements',
      ok: true,
      detail: same ? 'yes' : 'rebuilt',
      mended: !same,
    });
    await this.search.reset();
    const indexed = await syncIndex(this.db, this.search);
    checks.push({ name: 'full-text index', ok: true, detail: `rebuilt, ${indexed} traces`, mended: true });
    checks.push(await this.keptAnswers());
    return { checks };
  }

  private async keptAnswers(): Promise<Check> {
    const { sound, answers, movedTo } = await this.answers.check();
    const moved = movedTo
      ? `; a damaged file was moved to ${movedTo}, and what it held is asked for again`
      : '';
    return { name: 'kept answers of models', ok: true, detail: `${answers}${moved}`, mended: !sound };
  }

  /** Copies the database and the kept answers into an empty or new folder while the store goes on serving; the index is rebuilt when it is opened. */
  async backup(folder: string): Promise<{ file: string; bytes: number }> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if ((await readdir(folder)).length > 0)
      throw new StoreError(`${folder} is not empty. Name a new folder for the backup.`);
    const file = join(folder, 'flywheel.duckdb');
    await this.db.checkpoint(() => copyFile(join(this.home, 'flywheel.duckdb'), file));
    // Second, so that every result in the copy has its answer.
    await this.answers.copyTo(join(folder, 'answers.sqlite'));
    return { file, bytes: (await stat(file)).size };
  }
}
