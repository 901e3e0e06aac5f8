import type { CriticBody, CriticId } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import { Popover } from '@flywheel/ui/popover.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { GitFork } from 'lucide-react';
import { useState } from 'react';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import { CriticName } from './critic-name.tsx';
import { freeName } from './new-critic.tsx';
import { criticsServer } from './server.ts';

interface ForkProps {
  critic: CriticId;
  /** What the new critic begins with: the text that is looked at, saved or not. */
  body: CriticBody;
  /** `v7` or `draft`. */
  from: string;
  pins: readonly TraceId[];
  taken: readonly string[];
  onMade: (critic: string) => void;
}

/** A button whose panel makes a critic of its own from what is looked at, with the same pinned traces. */
export const ForkCritic = (p: ForkProps) => (
  <Popover
    trigger={<GitFork className="i i14" aria-hidden="true" />}
    label="Fork to a new critic"
    title={`Make a critic of its own from ${p.from}`}
    className="ib"
  >
    {(close) => (
      <Form
        {...p}
        onMade={(critic) => {
          close();
          p.onMade(critic);
        }}
      />
    )}
  </Popover>
);

const Form = (p: ForkProps) => {
  const cache = useQueryClient();
  const [name, setName] = useState(() => freeName(p.critic, p.taken));
  const [busy, setBusy] = useState(false);
  const fork = async (critic: CriticId): Promise<void> => {
    setBusy(true);
    try {
      await criticsServer.save(critic, p.body, `from ${p.critic} ${p.from}`, null);
      if (p.pins.length > 0) await criticsServer.pin(critic, [...p.pins]);
      await cache.invalidateQueries({ queryKey: ['critics', 'list'] });
      p.onMade(critic);
    } catch (error) {
      toast({ text: `Not forked: ${reason(error)}`, tone: 'bad' });
      setBusy(false);
    }
  };
  return (
    <CriticName
      name={name}
      taken={p.taken}
      submit={`Fork ${p.from}`}
      busy={busy}
      onName={setName}
      onSubmit={(critic) => void fork(critic)}
    />
  );
};
