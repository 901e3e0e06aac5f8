import type { IDockviewPanelProps } from 'dockview-react';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Router } from 'wouter';
import { roomInfo } from '../app/rooms.ts';
import { TabContext } from '../app/tab.ts';
import { go, placeOf, roomOfTab, useTabs } from '../app/tabs.ts';
import { RoomBoundary } from './room-boundary.tsx';
import { RoomPage } from './room-page.tsx';

/** Router hooks for what stands in a tab: its own location, not the address bar's. */
const locationOf = (id: string) => {
  const usePlace = (): string => useTabs((s) => s.places[id]) ?? placeOf(id);
  const navigate = (to: string, options?: { replace?: boolean }): void =>
    go(to, { replace: options?.replace, from: id });
  return {
    hook: (): [string, typeof navigate] => [usePlace().split('?')[0] ?? '/', navigate],
    searchHook: (): string => usePlace().split('?')[1] ?? '',
  };
};

const roomElement = (id: string): string => `room-${id}`;

/** A room in its tab: rendered when first seen, then kept, hidden while another tab is in front. */
export const RoomPanel = ({ api }: IDockviewPanelProps) => {
  const { id } = api;
  const room = roomOfTab(id) ?? 'samples';
  const active = useTabs((s) => s.active === id);
  const visible = useSyncExternalStore(
    (changed) => {
      const subscription = api.onDidVisibilityChange(changed);
      return () => subscription.dispose();
    },
    () => api.isVisible,
  );
  const [seen, setSeen] = useState(visible);
  if (visible && !seen) setSeen(true);
  const location = useMemo(() => locationOf(id), [id]);
  const tab = useMemo(() => ({ id, room, active, visible }), [id, room, active, visible]);

  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!active || !visible) return;
    // The dock makes a panel visible in the next frame; before that it cannot take focus.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        const focused = document.activeElement;
        const elsewhere = focused?.closest('dialog, [role="tablist"]') ?? null;
        if (elsewhere === null && !root.current?.contains(focused)) focusRoom(id);
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [id, active, visible]);

  useEffect(() => {
    // The dock lays a room over its tab panel instead of into it: this tells assistive technology whose it is.
    const own = (): void => {
      const panel = visible ? api.group.element.querySelector('[role="tabpanel"]') : null;
      panel?.setAttribute('aria-owns', roomElement(id));
    };
    own();
    const subscription = api.onDidGroupChange(own);
    return () => subscription.dispose();
  }, [api, id, visible]);

  return (
    <div
      ref={root}
      id={roomElement(id)}
      className="room"
      data-tab={id}
      role="group"
      aria-label={roomInfo(room).title}
      tabIndex={-1}
      hidden={!visible}
      onPointerDownCapture={() => api.setActive()}
      onFocusCapture={() => api.setActive()}
    >
      {seen && (
        <TabContext value={tab}>
          <Router {...location}>
            <RoomBoundary title={roomInfo(room).title}>
              <RoomPage room={room} />
            </RoomBoundary>
          </Router>
        </TabContext>
      )}
    </div>
  );
};

/** Puts the keyboard into a tab's room. */
export const focusRoom = (id: string): void =>
  document.querySelector<HTMLElement>(`[data-tab="${id}"]`)?.focus({ preventScroll: true });
