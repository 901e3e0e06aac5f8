import { isOver } from '@flywheel/domain/run';
import { Kbd } from '@flywheel/ui/kbd.tsx';
import { useLiveRuns } from '../app/live-runs.ts';
import { ROOMS } from '../app/rooms.ts';
import { roomOfTab, showRoom, useTabs } from '../app/tabs.ts';
import { useFrame } from './frame-keys.ts';
import { ROOM_ICONS } from './room-icons.ts';

/** The rooms. While `g` waits for its letter, the letters show. */
export const ActivityBar = () => {
  const active = useTabs((s) => s.active);
  const going = useFrame((s) => s.going);
  const open = useLiveRuns((s) => [...(s.runs?.values() ?? [])].filter((r) => !isOver(r.state)).length);
  const here = active === null ? null : roomOfTab(active);
  return (
    <nav className="act" aria-label="Rooms">
      {ROOMS.map(({ id, path, title, letter }) => {
        const Icon = ROOM_ICONS[id];
        const waiting = id === 'runs' && open > 0;
        return (
          <a
            key={id}
            className={id === 'settings' ? 'foot' : undefined}
            href={path}
            aria-label={title}
            aria-description={waiting ? `${open} not over` : undefined}
            aria-current={here === id ? 'page' : undefined}
            aria-keyshortcuts={`g ${letter}`}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
              event.preventDefault();
              showRoom(id);
            }}
          >
            <Icon className="i" aria-hidden="true" />
            {waiting && !going && <span className="n">{open}</span>}
            {going && (
              <span className="letter">
                <Kbd keys={letter} />
              </span>
            )}
            <span className="tip">
              {title} <Kbd keys={`g ${letter}`} />
            </span>
          </a>
        );
      })}
    </nav>
  );
};
