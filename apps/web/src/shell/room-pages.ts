import { type ComponentType, lazy } from 'react';
import type { Room } from '../app/rooms.ts';

type RoomModule = Promise<{ default: ComponentType }>;

/** Each room is a chunk of its own, fetched when its tab is first seen. */
const LOADERS: Readonly<Record<Room, () => RoomModule>> = {
  samples: () => import('./rooms/samples-room.tsx'),
  review: () => import('./rooms/review-room.tsx'),
  runs: () => import('./rooms/runs-room.tsx'),
  calibration: () => import('./rooms/calibration-room.tsx'),
  sql: () => import('./rooms/sql-room.tsx'),
  import: () => import('./rooms/import-room.tsx'),
};

export const ROOM_PAGES: Readonly<Record<Room, ComponentType>> = {
  samples: lazy(LOADERS.samples),
  review: lazy(LOADERS.review),
  runs: lazy(LOADERS.runs),
  calibration: lazy(LOADERS.calibration),
  sql: lazy(LOADERS.sql),
  import: lazy(LOADERS.import),
};

/** Begins to fetch a room before its tab is there; a failure shows when the tab asks again. */
export const preloadRoom = (room: Room): void => void LOADERS[room]().catch(() => undefined);
