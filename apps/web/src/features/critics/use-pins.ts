import type { CriticId } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import { criticsServer } from './server.ts';

const traces = (n: number): string => `${n} ${n === 1 ? 'trace' : 'traces'}`;

/** The traces that are pinned beside a critic, and how to change which. */
export const usePins = (critic: CriticId, pins: readonly TraceId[]) => {
  const cache = useQueryClient();
  const query = useQuery({
    queryKey: ['critics', 'pinned', pins],
    queryFn: () => criticsServer.traces(pins),
    placeholderData: (before) => before,
  });
  const renew = () => cache.invalidateQueries({ queryKey: ['critics', 'get', critic] });
  const attempt = async (what: string, act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
      await renew();
      return true;
    } catch (error) {
      toast({ text: `${what}: ${reason(error)}`, tone: 'bad' });
      return false;
    }
  };
  return {
    query,
    count: pins.length,
    traces: query.data ?? [],
    /** Pins the first traces that a query selects; says so where it selects none. */
    pinQuery: (text: string, limit: number) =>
      attempt('Not pinned', async () => {
        const { pinned } = await criticsServer.pinQuery(critic, text, limit);
        if (pinned === 0) toast({ text: 'Nothing was pinned: the query selects no trace' });
      }),
    pinIds: (ids: TraceId[]) => attempt('Not pinned', () => criticsServer.pin(critic, ids)),
    unpin: (ids: TraceId[]) =>
      void attempt('Not unpinned', () => criticsServer.unpin(critic, ids)).then((done) => {
        if (done)
          toast({
            text: `${traces(ids.length)} unpinned`,
            undo: async () => {
              await criticsServer.pin(critic, ids);
              await renew();
            },
          });
      }),
  };
};

export type Pinned = ReturnType<typeof usePins>;
