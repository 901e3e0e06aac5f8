import type { ImportId } from '@flywheel/domain/ids';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { client } from '../../app/trpc.ts';
import './imports.css';
import { upload } from './upload.ts';

/** Brings files in: uploaded, recognised, imported as a run, with counts and rejects when it is over. */
export const ImportPage = () => {
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const queries = useQueryClient();
  const imports = useQuery({
    queryKey: ['imports', 'list'],
    queryFn: () => client.imports.list.query(),
    refetchInterval: 1_500,
  });
  const start = useMutation({
    mutationFn: async (files: readonly File[]) => {
      for (const file of files) {
        const { upload: name } = await upload(file);
        await client.imports.start.mutate({ sources: [{ upload: name }], names: [file.name] });
      }
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const undo = useMutation({
    mutationFn: (importId: ImportId) => client.imports.undo.mutate({ importId }),
    onSettled: () => queries.invalidateQueries(),
  });
  const error = start.error ?? undo.error;
  return (
    <div className="pane imports">
      <h2>Import traces</h2>
      <p className="t2">
        JSON Lines (also .gz, .zst), JSON arrays and CSV. GSM8K solutions, BIG-Bench-Mistake, PRM800K,
        ProcessBench and chat messages are recognised; other files by the names of their fields.
      </p>
      <button
        type="button"
        className="drop"
        data-over={over || undefined}
        onClick={() => chooser.current?.click()}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          start.mutate([...e.dataTransfer.files]);
        }}
      >
        {start.isPending ? 'Importing ...' : 'Drop files here, or choose them'}
      </button>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label="Files to import"
        onChange={(e) => start.mutate([...(e.target.files ?? [])])}
      />
      {error && (
        <p className="bad" role="alert">
          {error.message}
        </p>
      )}
      <table className="tbl">
        <thead>
          <tr>
            <th>File</th>
            <th>State</th>
            <th className="num">Imported</th>
            <th className="num">Duplicates</th>
            <th className="num">Rejected</th>
            <th>
              <span className="sr">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {imports.data?.map((i) => (
            <tr key={i.id}>
              <td title={i.title}>{i.title}</td>
              <td>{i.state}</td>
              <td className="num">{i.imported.toLocaleString('en')}</td>
              <td className="num">{i.duplicates.toLocaleString('en')}</td>
              <td className="num">
                {i.rejectsFile ? (
                  <a href={`/download/${i.rejectsFile}`}>{i.rejected.toLocaleString('en')}</a>
                ) : (
                  i.rejected.toLocaleString('en')
                )}
              </td>
              <td className="num">
                <Link href={`/samples?q=import:${i.id}`}>Open</Link>{' '}
                {i.state === 'done' && (
                  <button type="button" className="btn sm ghost" onClick={() => undo.mutate(i.id)}>
                    Undo
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
