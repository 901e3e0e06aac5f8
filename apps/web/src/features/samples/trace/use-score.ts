import type { TraceScore } from '@flywheel/domain/local-run';
import type { TraceRow } from '@flywheel/domain/trace';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { samplesQueries } from '../server.ts';

/** What local models thought of an opened trace, and which of them is shown. */
export interface Scored {
  all: readonly TraceScore[];
  shown: TraceScore;
  show: (model: string) => void;
}

/** The scores of a trace; asked for only where the row says that there are any. */
export const useScore = (row: TraceRow): Scored | null => {
  const [model, setModel] = useState<string | null>(null);
  const { data } = useQuery({ ...samplesQueries.scores(row.id), enabled: row.surprise !== null });
  const shown = data?.find((s) => s.model === model) ?? data?.[0];
  return data && shown ? { all: data, shown, show: setModel } : null;
};
