import { join } from 'node:path';
import { Answers } from './answers.ts';
import { Critics } from './critics.ts';
import { Database } from './database.ts';
import { type ExportRecord, exportRecords } from './exports.ts';
import { Gold } from './gold.ts';
import { Imports } from './imports.ts';
import { syncIndex } from './index-sync.ts';
import { Ingest } from './ingest.ts';
import { Judgements } from './judgements.ts';
import { LocalResults } from './local-results.ts';
import { LocalViews } from './local-views.ts';
import { Maintenance } from './maintenance.ts';
import { Models } from './models.ts';
import { Names } from './names.ts';
import { Pins } from './pins.ts';
import { Providers } from './providers.ts';
import { Reviews } from './reviews.ts';
import { RuleFigures } from './rule-figures.ts';
import { RunAnswers } from './run-answers.ts';
import { Runs } from './runs.ts';
import { Search } from './search/search.ts';
import { Selections, Slices } from './slices.ts';
import { Sql } from './sql.ts';
import { Tags } from './tags.ts';
import { Traces } from './traces.ts';

const openAnswers = async (home: string, db: Database): Promise<Answers> => {
  try {
    return new Answers(join(home, 'answers.sqlite'));
  } catch (error) {
    await db.close();
    throw error;
  }
};

/**
 * Opens the workspace's store under `home`, creating or migrating it. One process holds it at a time.
 *
 * @throws StoreError when another process holds the file, or it is newer than this code
 */
export const openStore = async (home: string) => {
  const db = await Database.open(home);
  const names = await Names.load(db);
  const answers = await openAnswers(home, db);
  const search = new Search(join(home, 'search.sqlite'));
  const ingest = new Ingest(db, names, search);
  const traces = new Traces(db, names, search, ingest);
  const reviews = new Reviews(db, names, traces, search);
  const close = async (): Promise<void> => {
    await search.close();
    await db.close();
    await answers.close();
  };
  await syncIndex(db, search).catch(async (error) => {
    await close();
    throw error;
  });
  // Not waited for: until it is there, ids are looked up in the table.
  ingest.prepare().catch(() => undefined);
  return {
    imports: new Imports(db, ingest),
    traces,
    judgements: new Judgements(db, names, traces, search),
    reviews,
    slices: new Slices(db),
    selections: new Selections(db, traces),
    tags: new Tags(db, names, traces),
    runs: new Runs(db, names, search),
    runAnswers: new RunAnswers(db),
    localResults: new LocalResults(db, names, ingest, search),
    localViews: new LocalViews(db),
    rules: new RuleFigures(db, names, search),
    answers,
    critics: new Critics(db),
    pins: new Pins(db),
    providers: new Providers(db),
    models: new Models(db),
    gold: new Gold(db, names, search, traces),
    sql: new Sql(db),
    maintenance: new Maintenance(home, db, names, search, answers),
    exportBatch: (seqs: Uint32Array): Promise<ExportRecord[]> => exportRecords(db, traces, reviews, seqs),
    close,
  };
};

export type Store = Awaited<ReturnType<typeof openStore>>;
