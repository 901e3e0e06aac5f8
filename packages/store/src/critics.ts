import {
  CriticBody,
  type CriticHash,
  type CriticId,
  type CriticSummary,
  type CriticVersion,
} from '@flywheel/domain/critic';
import { type Database, type Row, StoreError, timestamp } from './database.ts';

export interface NewVersion {
  critic: CriticId;
  body: CriticBody;
  /** Over the body; see `judges/critic/critic-hash.ts`. */
  hash: CriticHash;
  title: string;
  /** Number of the version that this one was made from; null for the first, and for one made from another critic. */
  parent: number | null;
}

const VERSION = 'SELECT *, epoch_ms(created_at) AS created_ms FROM critic_version';

const toVersion = (r: Row): CriticVersion => ({
  ...CriticBody.parse(JSON.parse(r.body as string)),
  critic: r.critic as CriticId,
  number: Number(r.number),
  hash: r.hash as CriticHash,
  title: r.title as string,
  parent: r.parent === null ? null : Number(r.parent),
  createdAt: Number(r.created_ms),
});

/** Critics and their versions. A version never changes and never goes: judgements name it. */
export class Critics {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** The most recently changed first, archived ones among them. */
  async list(): Promise<CriticSummary[]> {
    const rows = await this.db.all(
      `SELECT c.id, c.archived, count(*)::INTEGER AS versions, arg_max(v.title, v.number) AS title,
         epoch_ms(max(v.created_at)) AS updated_ms
       FROM critic c JOIN critic_version v ON v.critic = c.id GROUP BY ALL ORDER BY updated_ms DESC, c.id`,
    );
    return rows.map((r) => ({
      id: r.id as CriticId,
      versions: r.versions as number,
      title: r.title as string,
      updatedAt: Number(r.updated_ms),
      archived: r.archived as boolean,
    }));
  }

  /** Newest first; none when there is no such critic. */
  async versions(critic: CriticId): Promise<CriticVersion[]> {
    const rows = await this.db.all(`${VERSION} WHERE critic = $1 ORDER BY number DESC`, [critic]);
    return rows.map(toVersion);
  }

  async version(critic: CriticId, number: number): Promise<CriticVersion | null> {
    const [row] = await this.db.all(`${VERSION} WHERE critic = $1 AND number = $2`, [critic, number]);
    return row ? toVersion(row) : null;
  }

  /**
   * Adds a version, numbered on from the critic's newest; the critic is made if need be, and is no longer archived.
   * A body that some version has already (by its hash) is that version: it is returned unchanged.
   *
   * @throws StoreError when `parent` is not one of the critic's versions
   */
  async save(version: NewVersion): Promise<CriticVersion> {
    const { critic, hash, title, parent } = version;
    const body = CriticBody.parse(version.body);
    return this.db.write(async (tx) => {
      await tx.run('INSERT INTO critic (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET archived = false', [
        critic,
      ]);
      const there = await tx.all(`${VERSION} WHERE critic = $1 ORDER BY number`, [critic]);
      const same = there.find((r) => r.hash === hash);
      if (same) return toVersion(same);
      if (parent !== null && !there.some((r) => r.number === parent))
        throw new StoreError(`${critic} has no version ${parent} that another could be made from.`);
      const [row] = await tx.all(
        `INSERT INTO critic_version VALUES ($1, $2, $3, $4, $5, $6, $7)
         RETURNING *, epoch_ms(created_at) AS created_ms`,
        [
          critic,
          Number(there.at(-1)?.number ?? 0) + 1,
          hash,
          title,
          parent,
          JSON.stringify(body),
          timestamp(Date.now()),
        ],
      );
      return toVersion(row as Row);
    });
  }

  /** Puts a critic away, or takes it out again. Throws {@link StoreError} when there is none of that name. */
  async archive(critic: CriticId, archived: boolean): Promise<void> {
    await this.db.write(async (tx) => {
      const changed = await tx.all('UPDATE critic SET archived = $2 WHERE id = $1 RETURNING id', [
        critic,
        archived,
      ]);
      if (changed.length === 0) throw new StoreError(`There is no critic ${critic}.`);
    });
  }
}
