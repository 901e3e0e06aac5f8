import { queryOptions, useQuery } from '@tanstack/react-query';
import { client } from '../app/trpc.ts';

/** The workspace that the server holds: its home, whether only the demo is in it. */
export const workspaceQuery = queryOptions({
  queryKey: ['workspace', 'info'],
  queryFn: () => client.workspace.info.query(),
});

export const useWorkspace = () => useQuery(workspaceQuery);

/** How many traces there are in all. */
export const useTraceCount = () =>
  useQuery({
    queryKey: ['workspace', 'traces'],
    queryFn: async () => (await client.traces.page.query({ query: '', offset: 0, limit: 1 })).total,
  });

/** A workspace is called after its folder, or after the project in which its hidden folder lies. */
export const workspaceName = (home: string): string => {
  const parts = home.split(/[\\/]/).filter((part) => part !== '');
  return parts.findLast((part) => !part.startsWith('.')) ?? home;
};
