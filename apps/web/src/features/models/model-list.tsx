import type { Seat } from '../../app/local-models.ts';
import { nameOf, type ShownModel } from './shown-model.ts';
import { BACKEND_WORDS, megabytes, originWords } from './words.ts';

interface ModelListProps {
  models: readonly ShownModel[];
  seats: ReadonlyMap<string, Seat>;
  shown: string | null;
  onOpen: (name: string) => void;
}

/** Models by name: what there is of each, whether it is in this tab, and where it is known to run. */
export const ModelList = ({ models, seats, shown, onOpen }: ModelListProps) => (
  <ul className="model-list" aria-label="Models">
    {models.map((m) => {
      const name = nameOf(m);
      return (
        <Entry
          key={name}
          name={name}
          note={noteOf(m)}
          seat={seats.get(name)}
          current={name === shown}
          onOpen={onOpen}
        />
      );
    })}
  </ul>
);

const noteOf = (m: ShownModel): string => {
  const sizes = m.of.variants.map((v) => `${v.precision} ${megabytes(v.bytes)}`).join(', ');
  if (m.kind === 'picked') return `${sizes}; of this tab only`;
  const ran = m.of.tries.filter((t) => t.error === null && t.probe?.passed !== false);
  const places = [...new Set(ran.map((t) => BACKEND_WORDS[t.backend]))].join(' and ');
  return `${sizes}${places && `; ran on ${places}`}; ${originWords(m.of.origin)}`;
};

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
