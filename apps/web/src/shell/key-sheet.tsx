import { Kbd } from '@flywheel/ui/kbd.tsx';
import { X } from 'lucide-react';
import { type KeyLine, useKeySheet } from '../app/keys.ts';
import { roomInfo } from '../app/rooms.ts';
import { FRAME_LINES } from './frame-keys.ts';
import { Overlay } from './overlay.tsx';

/** The keys of the room in focus, and those that act everywhere. */
export const KeySheet = ({ onClose }: { onClose: () => void }) => {
  const rooms = useKeySheet();
  return (
    <Overlay label="Keys" className="key-sheet" onClose={onClose}>
      <header className="ph">
        <h2>Keys</h2>
        <span className="grow" />
        <span className="t3">In a text field: mod+Enter, Esc, and the keys with a modifier.</span>
        <button type="button" className="ib" aria-label="Close" onClick={onClose}>
          <X className="i i14" aria-hidden="true" />
        </button>
      </header>
      <div className="key-columns" tabIndex={0} role="group" aria-label="Keys by room">
        <div>
          {rooms.map(({ room, lines }) => (
            <Lines key={room} title={roomInfo(room).title} lines={lines} />
          ))}
          {rooms.length === 0 && <p className="t2 fs12">This room has no keys of its own.</p>}
        </div>
        <Lines title="Everywhere" lines={FRAME_LINES} />
      </div>
    </Overlay>
  );
};

const Lines = ({ title, lines }: { title: string; lines: readonly KeyLine[] }) => (
  <section>
    <h3>{title}</h3>
    <dl>
      {lines.map(({ keys, label }) => (
        <div key={`${keys.join(' ')} ${label}`}>
          <dt>
            {keys.map((key) => (
              <Kbd key={key} keys={key} />
            ))}
          </dt>
          <dd>{label}</dd>
        </div>
      ))}
    </dl>
  </section>
);
