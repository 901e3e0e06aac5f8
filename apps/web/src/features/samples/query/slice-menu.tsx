import { Popover } from '@flywheel/ui/popover.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, Trash2 } from 'lucide-react';
import { toast } from '../../../app/toasts.ts';
import { client } from '../../../app/trpc.ts';
import { NameForm } from '../bulk/name-form.tsx';
import { samplesQueries } from '../server.ts';

/** Saved queries: open one, save the query that is on, take one away (with undo). */
export const SliceMenu = ({ query, onQuery }: { query: string; onQuery: (query: string) => void }) => {
  const queries = useQueryClient();
  const slices = useQuery(samplesQueries.slices());
  const refresh = () => queries.invalidateQueries({ queryKey: samplesQueries.slices().queryKey });
  const here = slices.data?.find((s) => s.query === query);

  const save = async (name: string, text: string) => {
    try {
      await client.slices.save.mutate({ name, query: text });
      toast({ text: `Saved slice ${name}` });
    } catch (cause) {
      toast({ text: `The slice was not saved: ${cause instanceof Error ? cause.message : cause}` });
    }
    await refresh();
  };
  const remove = async (id: (typeof slices.data & object)[number]['id']) => {
    const gone = await client.slices.remove.mutate({ id });
    await refresh();
    toast({
      text: `Removed slice ${gone.name}`,
      undo: async () => {
        await client.slices.save.mutate(gone);
        await refresh();
      },
    });
  };
  return (
    <Popover
      title="Slices"
      className="btn"
      trigger={
        <>
          <Bookmark className="i i12" aria-hidden="true" />
          {here ? here.name : 'Slices'}
        </>
      }
    >
      {(close) => (
        <NameForm
          label={query === '' ? 'Save all traces as a slice' : 'Save this query as a slice'}
          submit="Save slice"
          known={slices.data?.map((s) => s.name) ?? []}
          initial={here?.name ?? ''}
          onName={(name) => void save(name, query).then(close)}
        >
          {slices.data && slices.data.length > 0 && (
            <ul className="pop-list" aria-label="Saved slices">
              {slices.data.map((s) => (
                <li key={s.id} className="row">
                  <button
                    type="button"
                    className="btn ghost sm grow slice"
                    aria-current={s.query === query || undefined}
                    title={s.query || 'all traces'}
                    onClick={() => {
                      close();
                      onQuery(s.query);
                    }}
                  >
                    <span>{s.name}</span>
                    <span className="mono t3 trunc">{s.query || 'all traces'}</span>
                  </button>
                  <button
                    type="button"
                    className="ib"
                    aria-label={`Remove slice ${s.name}`}
                    onClick={() => void remove(s.id)}
                  >
                    <Trash2 className="i i12" aria-hidden="true" />
                  </button>
                </li>
              ))}
            </ul>
          )}
        </NameForm>
      )}
    </Popover>
  );
};
