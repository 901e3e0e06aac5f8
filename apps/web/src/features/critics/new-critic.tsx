import type { CriticId } from '@flywheel/domain/critic';
import { ErrorState } from '@flywheel/ui/error-state.tsx';
import { Popover } from '@flywheel/ui/popover.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import { CriticName } from './critic-name.tsx';
import { criticsServer } from './server.ts';

interface NewCriticProps {
  taken: readonly string[];
  onMade: (critic: string) => void;
}

/** A button whose panel makes a critic from a starter. */
export const NewCritic = (p: NewCriticProps) => (
  <Popover trigger="New critic" title="Make a critic from a starter" className="btn sm">
    {(close) => (
      <NewCriticForm
        taken={p.taken}
        onMade={(critic) => {
          close();
          p.onMade(critic);
        }}
      />
    )}
  </Popover>
);

/** A name that is free: `first-error`, else `first-error-2`. */
export const freeName = (wanted: string, taken: readonly string[]): string => {
  let name = wanted;
  for (let n = 2; taken.includes(name); n++) name = `${wanted.slice(0, 36)}-${n}`;
  return name;
};

/** Asks for a starter and a name. */
export const NewCriticForm = (p: NewCriticProps) => {
  const cache = useQueryClient();
  const starters = useQuery({ queryKey: ['critics', 'starters'], queryFn: criticsServer.starters });
  const [starter, setStarter] = useState('first-error');
  const [name, setName] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const chosen = starters.data?.find((s) => s.id === starter);
  const make = async (critic: CriticId): Promise<void> => {
    if (!chosen) return;
    setBusy(true);
    try {
      await criticsServer.save(critic, chosen.body, chosen.title, null);
      await cache.invalidateQueries({ queryKey: ['critics', 'list'] });
      p.onMade(critic);
    } catch (error) {
      toast({ text: `Not made: ${reason(error)}`, tone: 'bad' });
      setBusy(false);
    }
  };
  if (starters.error)
    return (
      <ErrorState
        cause={`The starters could not be read: ${reason(starters.error)}`}
        onRetry={() => starters.refetch()}
      />
    );
  return (
    <CriticName
      name={name ?? freeName(starter, p.taken)}
      taken={p.taken}
      submit="Make"
      busy={busy || !chosen}
      onName={setName}
      onSubmit={(critic) => void make(critic)}
    >
      <label>
        Begin with
        <select className="field" value={starter} onChange={(e) => setStarter(e.target.value)}>
          {starters.data?.map((s) => (
            <option key={s.id} value={s.id}>
              {s.title}
            </option>
          ))}
        </select>
      </label>
    </CriticName>
  );
};
