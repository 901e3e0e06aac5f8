import { useEffect, useState } from 'react';
import type { Room } from '../app/rooms.ts';
import { arrivedPage, loadPage } from './room-pages.ts';

/**
 * A room's page, once its chunk has come. Not React's `lazy`: a boundary that has shown its fallback waits 300 ms before
 * it shows more, which would be the longest wait of a start. Mounted anew after a failure, it fetches anew.
 */
export const RoomPage = ({ room }: { room: Room }) => {
  const [Page, setPage] = useState(() => arrivedPage(room));
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (Page !== null) return;
    let gone = false;
    loadPage(room).then(
      (page) => !gone && setPage(() => page),
      (reason: unknown) => !gone && setError(reason),
    );
    return () => {
      gone = true;
    };
  }, [room, Page]);
  if (error !== null) throw error;
  return Page && <Page />;
};
