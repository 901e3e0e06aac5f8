import type { ComponentType } from 'react';
import type { Room } from '../app/rooms.ts';

/** Each room is a chunk of its own, fetched when its tab is first seen. */
const CHUNKS: Readonly<Record<Room, () => Promise<{ default: ComponentType }>>> = {
  samples: () => import('./rooms/samples-room.tsx'),
  review: () => import('./rooms/review-room.tsx'),
  critics: () => import('./rooms/critics-room.tsx'),
  models: () => import('./rooms/models-room.tsx'),
  runs: () => import('./rooms/runs-room.tsx'),
  calibration: () => import('./rooms/calibration-room.tsx'),
  sql: () => import('./rooms/sql-room.tsx'),
  import: () => import('./rooms/import-room.tsx'),
  settings: () => import('./rooms/settings-room.tsx'),
};

const arrived = new Map<Room, ComponentType>();

/** A room's page if its chunk is here. */
export const arrivedPage = (room: Room): ComponentType | null => arrived.get(room) ?? null;

/** Fetches a room's page; rejects when its chunk does not come. A further call tries again. */
export const loadPage = async (room: Room): Promise<ComponentType> => {
  const { default: page } = await CHUNKS[room]();
  arrived.set(room, page);
  return page;
};
