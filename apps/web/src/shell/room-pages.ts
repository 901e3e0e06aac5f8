import { type ComponentType, lazy } from 'react';
import type { Room } from '../app/rooms.ts';

/** Each room is a chunk of its own, fetched when its tab is first seen. */
export const ROOM_PAGES: Readonly<Record<Room, ComponentType>> = {
  samples: lazy(() => import('./rooms/samples-room.tsx')),
  review: lazy(() => import('./rooms/review-room.tsx')),
  runs: lazy(() => import('./rooms/runs-room.tsx')),
  calibration: lazy(() => import('./rooms/calibration-room.tsx')),
  sql: lazy(() => import('./rooms/sql-room.tsx')),
  import: lazy(() => import('./rooms/import-room.tsx')),
};
