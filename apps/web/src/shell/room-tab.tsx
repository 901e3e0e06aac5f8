import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { roomOfTab, useTabs } from '../app/tabs.ts';
import { useUnsavedTabs } from '../app/unsaved.ts';
import { ROOM_ICONS } from './room-icons.ts';
import { focusRoom } from './room-panel.tsx';
import { tabTitle } from './tab-title.ts';

/**
 * A tab's face. The dock gives the `tab` role, arrows, Enter and Delete to the element around it, in which nothing may
 * take focus: so the cross is for the pointer only.
 */
export const RoomTab = ({ api }: IDockviewPanelHeaderProps) => {
  const { id } = api;
  const room = roomOfTab(id) ?? 'samples';
  const place = useTabs((s) => s.places[id] ?? '');
  const title = tabTitle(id, room, place);
  const unsaved = useUnsavedTabs((s) => s.ids.has(id));
  useEffect(() => {
    api.setTitle(title);
  }, [api, title]);
  const Icon = ROOM_ICONS[room];
  return (
    <div
      className="room-tab"
      title={title}
      // A pointer goes on to the room; the arrow keys stay in the row of tabs.
      onClick={() => focusRoom(id)}
      onAuxClick={(event) => {
        if (event.button === 1) api.close();
      }}
    >
      <Icon className="i i14" aria-hidden="true" />
      <span className="trunc">{title}</span>
      {unsaved && (
        <span className="unsaved-dot" title="not saved as a version">
          <span className="sr">unsaved</span>
        </span>
      )}
      <span
        className="x"
        title="Close (Delete on the tab)"
        onPointerDown={(event) => event.stopPropagation()}
        onClick={(event) => {
          event.stopPropagation();
          api.close();
        }}
      >
        <X className="i i12" aria-hidden="true" />
      </span>
    </div>
  );
};
