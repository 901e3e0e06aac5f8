import { CriticId, type CriticSummary } from '@flywheel/domain/critic';
import { Button } from '@flywheel/ui/button.tsx';
import { Popover } from '@flywheel/ui/popover.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from '../../app/toasts.ts';
import { criticsServer } from './server.ts';

/** Every critic, and how to make one. */
export const CriticList = (p: {
  critics: readonly CriticSummary[];
  open: string | null;
  onOpen: (critic: string) => void;
}) => (
  <>
    <header className="ph">
      <h2>Critics</h2>
      <span className="t3">{p.critics.length}</span>
      <span className="grow" />
      <NewCritic taken={p.critics.map((c) => c.id)} onMade={p.onOpen} />
    </header>
    <ul className="critic-list" aria-label="Critics">
      {p.critics.map((c) => (
        <li key={c.id}>
          <button type="button" aria-current={c.id === p.open} onClick={() => p.onOpen(c.id)}>
            <span className="mono">{c.id}</span>
            <span className="t3">v{c.versions}</span>
          </button>
        </li>
      ))}
    </ul>
  </>
);

/** A button whose panel makes a critic from a starter. */
export const NewCritic = (p: { taken: readonly string[]; onMade: (critic: string) => void }) => (
  <Popover trigger="New critic" title="Make a critic from a starter" className="btn sm">
    {(close) => (
      <Form
        taken={p.taken}
        onMade={(critic) => {
          close();
          p.onMade(critic);
        }}
      />
    )}
  </Popover>
);

const Form = (p: { taken: readonly string[]; onMade: (critic: string) => void }) => {
  const cache = useQueryClient();
  const starters = useQuery({ queryKey: ['critics', 'starters'], queryFn: criticsServer.starters });
  const [starter, setStarter] = useState('first-error');
  const [name, setName] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const text = name ?? starter;
  const id = CriticId.safeParse(text);
  const problem = p.taken.includes(text)
    ? 'There is a critic of that name.'
    : id.success
      ? ''
      : (id.error.issues[0]?.message ?? '');
  return (
    <form
      className="new-critic"
      onSubmit={async (event) => {
        event.preventDefault();
        const chosen = starters.data?.find((s) => s.id === starter);
        if (!chosen || !id.success || problem) return;
        setBusy(true);
        try {
          await criticsServer.save(id.data, chosen.body, chosen.title, null);
          await cache.invalidateQueries({ queryKey: ['critics'] });
          p.onMade(id.data);
        } catch (error) {
          toast({ text: `Not made: ${error instanceof Error ? error.message : error}`, tone: 'bad' });
          setBusy(false);
        }
      }}
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
      <label>
        Name
        <input
          className="field mono"
          value={text}
          spellCheck={false}
          aria-invalid={problem !== ''}
          aria-describedby="new-critic-note"
          onChange={(e) => setName(e.target.value)}
        />
      </label>
      <p id="new-critic-note" className="bad fs12" aria-live="polite">
        {problem}
      </p>
      <Button primary submit disabled={busy || problem !== ''}>
        Make
      </Button>
    </form>
  );
};
