import {
  Box,
  Braces,
  ChartLine,
  Database,
  FileUp,
  ListChecks,
  type LucideIcon,
  Ruler,
  Settings,
  SlidersHorizontal,
} from 'lucide-react';
import type { Room } from '../app/rooms.ts';

export const ROOM_ICONS: Readonly<Record<Room, LucideIcon>> = {
  samples: SlidersHorizontal,
  review: ListChecks,
  critics: Braces,
  models: Box,
  runs: ChartLine,
  calibration: Ruler,
  sql: Database,
  import: FileUp,
  settings: Settings,
};
