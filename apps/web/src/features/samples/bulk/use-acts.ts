import type { CriticId } from '@flywheel/domain/critic';
import { parseQuery } from '@flywheel/domain/query/parse';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from '../../../app/toasts.ts';
import { client } from '../../../app/trpc.ts';

const traces = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'trace' : 'traces'}`;

/** Acts on everything that a query selects; each says what it did and how to take it back. */
export const useActs = (query: string) => {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['samples'] });

  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    const [error] = parseQuery(query).errors;
    if (error) {
      toast({ text: `Nothing was done: the query has an error (${error.message})` });
      return false;
    }
    try {
      await work();
      return true;
    } catch (cause) {
      toast({ text: cause instanceof Error ? cause.message : String(cause) });
      return false;
    } finally {
      await refresh();
    }
  };
  const undoable = (text: string, act: number) =>
    toast({
      text,
      undo: async () => {
        await client.tags.undo.mutate({ act });
        await refresh();
      },
    });

  return {
    flag: (on: boolean) =>
      attempt(async () => {
        const { act, changed } = await client.tags.flag.mutate({ query, on });
        undoable(`${on ? 'Flagged' : 'Unflagged'} ${traces(changed)}`, act);
      }),

    tag: (tag: string, on: boolean) =>
      attempt(async () => {
        const { act, changed } = await client.tags.tag.mutate({ query, tag, on });
        undoable(`${on ? 'Tagged' : 'Untagged'} ${traces(changed)}: ${tag}`, act);
      }),

    verify: (verifier: string, title: string) =>
      attempt(async () => {
        const run = await client.judges.run.mutate({ verifier, query });
        toast({ text: `${title} runs over ${traces(run.total ?? 0)}` });
      }),

    /** Pins the first traces of the filter beside a critic's prompt. */
    pin: (critic: CriticId, limit: number) =>
      attempt(async () => {
        const { pins: before } = await client.critics.get.query({ critic });
        await client.critics.pins.addQuery.mutate({ critic, query, limit });
        const { pins: after } = await client.critics.get.query({ critic });
        await queries.invalidateQueries({ queryKey: ['critics', 'get', critic] });
        const fresh = after.filter((id) => !before.includes(id));
        if (fresh.length === 0) return toast({ text: `All of them were pinned to ${critic} already` });
        toast({
          text: `${traces(fresh.length)} pinned to ${critic}`,
          undo: async () => {
            await client.critics.pins.remove.mutate({ critic, traces: fresh });
            await queries.invalidateQueries({ queryKey: ['critics', 'get', critic] });
          },
        });
      }),

    freeze: (name: string) =>
      attempt(async () => {
        const { added } = await client.selections.freeze.mutate({ name, query });
        toast({ text: `${traces(added)} added to selection ${name}` });
      }),
  };
};

export type Acts = ReturnType<typeof useActs>;
