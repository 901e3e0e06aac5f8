import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { settingsServer } from './server.ts';

const KEY = ['workspace', 'settings'];

/** What becomes of runs that the end of the server cut off. */
export const RestartSetting = () => {
  const cache = useQueryClient();
  const settings = useQuery({ queryKey: KEY, queryFn: settingsServer.settings });
  const set = useMutation({
    mutationFn: settingsServer.setResumeRuns,
    onSuccess: (after) => cache.setQueryData(KEY, after),
  });
  return (
    <section className="restart-setting">
      <header className="ph">
        <h2>Restart</h2>
      </header>
      <label>
        <input
          type="checkbox"
          checked={settings.data?.resumeRuns ?? true}
          disabled={settings.data === undefined || set.isPending}
          onChange={(e) => set.mutate(e.target.checked)}
        />
        Runs that were cut off go on by themselves
      </label>
      {set.error && (
        <p className="bad" role="alert">
          {set.error.message}
        </p>
      )}
    </section>
  );
};
