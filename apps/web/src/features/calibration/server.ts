import type { TraceId } from '@flywheel/domain/ids';
import { client } from '../../app/trpc.ts';

/** What the calibration page asks of the server; the only file of this feature that knows procedure names. */
export const calibrationServer = {
  judges: () => client.judges.list.query(),
  compare: (o: { judge: string; gold: string | undefined; query: string }) =>
    client.calibration.compare.query({
      judge: o.judge,
      query: o.query,
      ...(o.gold === undefined ? {} : { gold: o.gold }),
    }),
  openMany: (ids: readonly TraceId[]) => client.traces.openMany.query({ ids: [...ids] }),
  agreement: (query: string) => client.reviews.agreement.query({ query }),
};

export type Comparison = Awaited<ReturnType<typeof calibrationServer.compare>>;
