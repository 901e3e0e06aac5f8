import type { LocalModel } from '@flywheel/domain/model';
import type { Seat } from '../../app/local-models.ts';
import { BACKEND_WORDS, megabytes } from './words.ts';

interface ModelListProps {
  models: readonly LocalModel[];
  /** Names of folders that were picked for this tab only. */
  picked: readonly string[];
  seats: ReadonlyMap<string, Seat>;
  shown: string | null;
  onOpen: (name: string) => void;
}

/** Registered models by name, then those of this tab alone. */
export const ModelList = ({ models, picked, seats, shown, onOpen }: ModelListProps) => (
  <ul className="model-list" aria-label="Models">
    {models.map((m) => (
      <Entry
        key={m.id}
        name={m.id}
        note={m.variants.map((v) => `${v.precision} ${megabytes(v.bytes)}`).join(', ')}
        seat={seats.get(m.id)}
        current={m.id === shown}
        onOpen={onOpen}
      />
    ))}
    {picked.map((name) => (
      <Entry
        key={name}
        name={name}
        note="of this tab only"
        seat={seats.get(name)}
        current={name === shown}
        onOpen={onOpen}
      />
    ))}
  </ul>
);

const Entry = (p: {
  name: string;
  note: string;
  seat: Seat | undefined;
  current: boolean;
  onOpen: (name: string) => void;
}) => (
  <li>
    <button type="button" aria-current={p.current} onClick={() => p.onOpen(p.name)}>
      <span className="mono name" title={p.name}>
        {p.name}
      </span>
      <SeatNote seat={p.seat} />
      <span className="t3 note" title={p.note}>
        {p.note}
      </span>
    </button>
  </li>
);

const SeatNote = ({ seat }: { seat: Seat | undefined }) => {
  switch (seat?.state) {
    case undefined:
      return <span className="t3">not loaded</span>;
    case 'loading':
      return (
        <span className="acc">
          loading{seat.asked > 0 && ` ${Math.floor((100 * seat.read) / seat.asked)} %`}
        </span>
      );
    case 'failed':
      return <span className="bad">failed</span>;
    case 'ready':
      return <span className="good">on {BACKEND_WORDS[seat.open.loaded.backend]}</span>;
  }
};
