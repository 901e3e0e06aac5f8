import type { ImportId } from '@flywheel/domain/ids';
import type { RunSummary } from '@flywheel/domain/run';
import type { Mapping } from '@flywheel/interchange/mapping';
import type { AppRouter } from '@flywheel/server/routers/app-router';
import { queryOptions } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { client } from '../../app/trpc.ts';

type Outputs = inferRouterOutputs<AppRouter>['imports'];
export type Guess = Outputs['guess'];
export type ImportPreview = Outputs['preview'];
export type PreviewTrace = ImportPreview['traces'][number];
export type SampleField = Guess['fields'][number];
export type ImportRow = Outputs['list'][number];
export type Preset = Outputs['presets'][number];

/** What the room asks of the server; the only file of this feature that knows procedure names. */
export const importServer = {
  guess: (upload: string, name: string): Promise<Guess> =>
    client.imports.guess.query({ source: { upload }, name }),

  preview: (upload: string, name: string, mapping: Mapping): Promise<ImportPreview> =>
    client.imports.preview.query({ source: { upload }, name, mapping }),

  start: (upload: string, name: string, mapping: Mapping, verify: boolean): Promise<RunSummary> =>
    client.imports.start.mutate({ sources: [{ upload }], names: [name], mapping, verify }),

  undo: (importId: ImportId): Promise<{ removed: number }> => client.imports.undo.mutate({ importId }),
};

export const importQueries = {
  list: () => queryOptions({ queryKey: ['imports', 'list'], queryFn: () => client.imports.list.query() }),
  presets: () =>
    queryOptions({
      queryKey: ['imports', 'presets'],
      queryFn: () => client.imports.presets.query(),
      staleTime: Number.POSITIVE_INFINITY,
    }),
};
