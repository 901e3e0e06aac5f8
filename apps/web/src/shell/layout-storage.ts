import { z } from 'zod';
import { roomOf } from '../app/rooms.ts';
import { roomOfTab } from '../app/tabs.ts';

const MAX_TABS = 24;

const Stored = z.object({
  version: z.literal(1),
  /** As the dock wrote it; the dock checks it when it reads it. */
  grid: z.looseObject({ panels: z.record(z.string(), z.looseObject({})) }),
  places: z.record(z.string(), z.string().max(50_000)),
  front: z.string().nullable(),
});
export type StoredLayout = z.infer<typeof Stored>;

const keyOf = (home: string): string => `flywheel.layout.${home}`;

/** Whether each tab is of a room that there is, and stands at a URL of that room. */
const sound = ({ grid, places, front }: StoredLayout): boolean => {
  const ids = Object.keys(grid.panels);
  const known = new Set(ids);
  return (
    ids.length > 0 &&
    ids.length <= MAX_TABS &&
    ids.every((id) => roomOfTab(id) !== null) &&
    Object.entries(places).every(([id, href]) => known.has(id) && roomOf(href) === roomOfTab(id)) &&
    (front === null || known.has(front))
  );
};

/** The layout of a workspace as it was left; null when there is none or it cannot be trusted. */
export const readLayout = (storage: Pick<Storage, 'getItem'>, home: string): StoredLayout | null => {
  try {
    const stored = Stored.parse(JSON.parse(storage.getItem(keyOf(home)) ?? 'null'));
    return sound(stored) ? stored : null;
  } catch {
    return null;
  }
};

/** Keeps a layout; a full or forbidden storage loses only the memory of it. */
export const writeLayout = (
  storage: Pick<Storage, 'setItem'>,
  home: string,
  layout: Omit<StoredLayout, 'version'>,
): void => {
  try {
    storage.setItem(keyOf(home), JSON.stringify({ version: 1, ...layout }));
  } catch (error) {
    console.warn('The layout was not kept:', error);
  }
};

export const forgetLayout = (storage: Pick<Storage, 'removeItem'>, home: string): void =>
  storage.removeItem(keyOf(home));
