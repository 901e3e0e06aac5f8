import { LocalModel, type ModelId } from '@flywheel/domain/model';
import { type Database, StoreError } from './database.ts';

/** Local models that the workspace knows. */
export class Models {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** By name. */
  async list(): Promise<LocalModel[]> {
    const rows = await this.db.all('SELECT body FROM model ORDER BY id');
    return rows.map((r) => LocalModel.parse(JSON.parse(r.body as string)));
  }

  async get(id: ModelId): Promise<LocalModel | null> {
    const [row] = await this.db.all('SELECT body FROM model WHERE id = $1', [id]);
    return row ? LocalModel.parse(JSON.parse(row.body as string)) : null;
  }

  /** Adds a model, or replaces the one of that name. */
  async save(model: LocalModel): Promise<void> {
    const body = LocalModel.parse(model);
    await this.db.write((tx) =>
      tx.run('INSERT OR REPLACE INTO model VALUES ($1, $2)', [body.id, JSON.stringify(body)]),
    );
  }

  /** Changes what is kept of a model; nobody else changes it in between. @throws StoreError when there is none */
  async change(id: ModelId, change: (model: LocalModel) => LocalModel): Promise<LocalModel> {
    return this.db.write(async (tx) => {
      const [row] = await tx.all('SELECT body FROM model WHERE id = $1', [id]);
      if (!row) throw new StoreError(`There is no model ${id}. \`flywheel model list\` lists them.`);
      const body = LocalModel.parse(change(LocalModel.parse(JSON.parse(row.body as string))));
      await tx.run('UPDATE model SET body = $2 WHERE id = $1', [id, JSON.stringify(body)]);
      return body;
    });
  }

  /** @returns what was removed: saving it again undoes this */
  async remove(id: ModelId): Promise<LocalModel> {
    return this.db.write(async (tx) => {
      const [row] = await tx.all('DELETE FROM model WHERE id = $1 RETURNING body', [id]);
      if (!row) throw new StoreError(`There is no model ${id}. \`flywheel model list\` lists them.`);
      return LocalModel.parse(JSON.parse(row.body as string));
    });
  }
}
