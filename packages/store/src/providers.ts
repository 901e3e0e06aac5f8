import { type ProviderId, ProviderSettings } from '@flywheel/domain/provider';
import { type Database, StoreError } from './database.ts';

/** What users wrote down of their providers. Keys are not here: they lie encrypted elsewhere, and a key that is given is dropped. */
export class Providers {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** By name. */
  async list(): Promise<ProviderSettings[]> {
    const rows = await this.db.all('SELECT body FROM provider ORDER BY id');
    return rows.map((r) => ProviderSettings.parse(JSON.parse(r.body as string)));
  }

  /** Adds a provider, or changes the one of that name. */
  async save(settings: ProviderSettings): Promise<void> {
    const body = ProviderSettings.parse(settings);
    await this.db.write((tx) =>
      tx.run('INSERT OR REPLACE INTO provider VALUES ($1, $2)', [body.id, JSON.stringify(body)]),
    );
  }

  /** @returns what was removed: saving it again undoes this */
  async remove(id: ProviderId): Promise<ProviderSettings> {
    return this.db.write(async (tx) => {
      const [row] = await tx.all('DELETE FROM provider WHERE id = $1 RETURNING body', [id]);
      if (!row) throw new StoreError(`There is no provider ${id}.`);
      return ProviderSettings.parse(JSON.parse(row.body as string));
    });
  }
}
