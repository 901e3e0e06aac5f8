import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { followRuns } from '../app/live-runs.ts';
import { roomInfo } from '../app/rooms.ts';
import { followTabWork } from '../app/tab-work.ts';
import { roomOfTab, useTabs } from '../app/tabs.ts';
import { followSight, useUnseen } from '../app/unseen.ts';
import { DropVeil } from '../features/imports/drop-veil.tsx';
import { outbox } from '../features/review/outbox-client.ts';
import { ActivityBar } from './activity-bar.tsx';
import { Dock } from './dock.tsx';
import { setOverlay, useFrame } from './frame-keys.ts';
import { KeySheet } from './key-sheet.tsx';
import { focusRoom } from './room-panel.tsx';
import './shell.css';
import { StatusBar } from './status-bar.tsx';
import { ToastHost } from './toast-host.tsx';
import { TopBar } from './top-bar.tsx';
import { useWorkspace } from './workspace.ts';

const Palette = lazy(() => import('./palette.tsx'));

const closeOverlay = (): void => setOverlay(null);

/** Frame of the workbench: top bar, activity bar, docked tabs, status bar, and what lies over them. */
export const Shell = () => {
  const queries = useQueryClient();
  const workspace = useWorkspace();
  const overlay = useFrame((s) => s.overlay);
  const active = useTabs((s) => s.active);
  const ended = useUnseen((s) => s.ended);
  const room = active === null ? null : roomOfTab(active);
  useEffect(() => {
    const mark = ended > 0 ? `(${ended}) ` : '';
    document.title = `${mark}${room === null ? '' : `${roomInfo(room).title} · `}Flywheel`;
  }, [room, ended]);
  useEffect(() => followSight(), []);
  useEffect(() => followRuns(queries), [queries]);
  useEffect(() => followTabWork(), []);
  useEffect(() => {
    // Reviews that an earlier visit could not send go out from whatever room one is in.
    outbox().catch((error: unknown) => console.warn('Kept reviews could not be read:', error));
  }, []);
  // The layout is the workspace's, so the dock waits for its name; a server that cannot say it gets a layout of no name.
  const home = workspace.data?.home ?? (workspace.isError ? '' : null);
  return (
    <div className="app">
      <a
        className="skip-link"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          if (active !== null) focusRoom(active);
        }}
      >
        Skip to the room
      </a>
      <TopBar />
      <ActivityBar />
      <main id="main" className="shell-main">
        {home !== null && <Dock key={home} home={home} />}
      </main>
      <StatusBar />
      {overlay === 'palette' && (
        <Suspense fallback={null}>
          <Palette onClose={closeOverlay} />
        </Suspense>
      )}
      {overlay === 'keys' && <KeySheet onClose={closeOverlay} />}
      <ToastHost />
      <DropVeil />
    </div>
  );
};
