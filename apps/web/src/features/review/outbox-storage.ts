import { Review } from '@flywheel/domain/review';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { OutboxItem, OutboxStorage } from './outbox.ts';

interface OutboxSchema extends DBSchema {
  review: { key: number; value: { order?: number; review: unknown; refused: string | null } };
}

/** The outbox in IndexedDB: survives reload and crash; the key is the order of writing. */
export const openOutboxStorage = async (name = 'flywheel-outbox'): Promise<OutboxStorage> => {
  const db: IDBPDatabase<OutboxSchema> = await openDB<OutboxSchema>(name, 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore('review', { keyPath: 'order', autoIncrement: true });
    },
  });
  return {
    async all() {
      const rows = await db.getAll('review');
      return rows.flatMap((row): OutboxItem[] => {
        const parsed = Review.safeParse(row.review);
        return parsed.success && row.order !== undefined
          ? [{ order: row.order, review: parsed.data, refused: row.refused }]
          : [];
      });
    },
    async add(review) {
      // Strict: the promise resolves when the bytes are on disk, not when the browser took note of them.
      const write = db.transaction('review', 'readwrite', { durability: 'strict' });
      await Promise.all([write.store.add({ review, refused: null }), write.done]);
    },
    async remove(order) {
      await db.delete('review', order);
    },
    async refuse(order, why) {
      const row = await db.get('review', order);
      if (row) await db.put('review', { ...row, refused: why });
    },
    async clearRefusals() {
      const write = db.transaction('review', 'readwrite');
      for (const row of await write.store.getAll()) {
        if (row.refused !== null) await write.store.put({ ...row, refused: null });
      }
      await write.done;
    },
  };
};
