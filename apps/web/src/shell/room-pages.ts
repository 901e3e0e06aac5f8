import type { ComponentType } from 'react';
import type { Room } from '../app/rooms.ts';

type RoomModule = Promise<{ default: ComponentType }>;

/** Each room is a chunk of its own, fetched when its tab is first seen. */
export const ROOM_PAGES: Readonly<Record<Room, () => RoomModule>> = {
  samples: () => import('./rooms/samples-room.tsx'),
  review: () => import('./rooms/review-room.tsx'),
  runs: () => import('./rooms/runs-room.tsx'),
  calibration: () => import('./rooms/calibration-room.tsx'),
  sql: () => import('./rooms/sql-room.tsx'),
  import: () => import('./rooms/import-room.tsx'),
};

/** Begins to fetch a room before its tab is there; a failure shows when the tab asks again. */
export const preloadRoom = (room: Room): void => void ROOM_PAGES[room]().catch(() => undefined);
