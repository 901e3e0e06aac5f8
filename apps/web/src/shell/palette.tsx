import { TraceId } from '@flywheel/domain/ids';
import { Kbd } from '@flywheel/ui/kbd.tsx';
import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { type ReactNode, useState } from 'react';
import { askForRun, runsNewestFirst, useLiveRuns } from '../app/live-runs.ts';
import { THEMES, usePreferences } from '../app/preferences.ts';
import { useCommands } from '../app/room-commands.ts';
import { ROOMS } from '../app/rooms.ts';
import { go, placeOf, showRoom, tabOf, useTabs } from '../app/tabs.ts';
import { toast } from '../app/toasts.ts';
import { client } from '../app/trpc.ts';
import { closeTab, moveTabRight, resetLayout, splitTab, toggleMaximized } from './dock-commands.ts';
import { setOverlay } from './frame-keys.ts';
import { Overlay } from './overlay.tsx';
import { ROOM_ICONS } from './room-icons.ts';

const RECENT_RUNS = 8;

/** The query that work would be started over: the active tab's, else that of the Samples tab. */
const useCurrentQuery = (): string =>
  useTabs((s) => {
    const samples = tabOf('samples');
    const queryOf = (id: string | null): string | null =>
      id === null ? null : new URLSearchParams(placeOf(id).split('?')[1]).get('q');
    return queryOf(s.active) ?? queryOf(samples) ?? '';
  });

const startVerifier = async (verifier: string, query: string): Promise<void> => {
  try {
    const run = await askForRun(() => client.judges.run.mutate({ verifier, query }));
    go(`/runs?run=${run.id}`);
  } catch (error) {
    toast({ text: `${verifier} was not started: ${(error as Error).message}`, tone: 'bad' });
  }
};

/** Everything that can be gone to or begun, by name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const query = useCurrentQuery();
  const slices = useQuery({ queryKey: ['slices', 'list'], queryFn: () => client.slices.list.query() });
  const verifiers = useQuery({
    queryKey: ['judges', 'verifiers'],
    queryFn: () => client.judges.verifiers.query(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const critics = useQuery({ queryKey: ['critics', 'list'], queryFn: () => client.critics.list.query() });
  const inRoom = useCommands((s) => s.sets).flatMap((set) => set());
  const runs = useLiveRuns((s) => s.runs);
  const { theme, setTheme } = usePreferences();
  const trace = TraceId.safeParse(text.trim().toLowerCase()).data;

  const item = (
    id: string,
    label: string,
    run: () => void,
    extra: { icon?: ReactNode; note?: string; keys?: string } = {},
  ) => (
    <Command.Item
      key={id}
      value={id}
      keywords={[label, extra.note ?? '']}
      onSelect={() => {
        // Closed first, so that what it opens receives the focus.
        onClose();
        run();
      }}
    >
      {extra.icon}
      <span className="trunc">{label}</span>
      {extra.note !== undefined && <span className="trunc t3 mono">{extra.note}</span>}
      <span className="grow" />
      {extra.keys !== undefined && <Kbd keys={extra.keys} />}
    </Command.Item>
  );

  return (
    <Overlay label="Command palette" className="palette-box" onClose={onClose}>
      <Command label="Command palette" loop>
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder="A room, a slice, a run, a command, or the id of a trace"
        />
        <Command.List label="Commands">
          <Command.Empty>Nothing is called that.</Command.Empty>
          {trace !== undefined && (
            <Command.Group heading="Trace" forceMount>
              <Command.Item
                value={`trace ${trace}`}
                forceMount
                onSelect={() => {
                  onClose();
                  go(`/samples?trace=${trace}`);
                }}
              >
                Open trace <span className="mono t3">{trace}</span>
              </Command.Item>
            </Command.Group>
          )}
          <Command.Group heading="Go to">
            {ROOMS.map(({ id, title, letter }) => {
              const Icon = ROOM_ICONS[id];
              return item(`go ${id}`, title, () => showRoom(id), {
                icon: <Icon className="i i14" aria-hidden="true" />,
                keys: `g ${letter}`,
              });
            })}
          </Command.Group>
          {inRoom.length > 0 && (
            <Command.Group heading="In this room">
              {inRoom.map(({ id, label, keys, run }) =>
                item(`here ${id}`, label, run, keys === undefined ? {} : { keys }),
              )}
            </Command.Group>
          )}
          <Command.Group heading="Critics">
            {critics.data
              ?.filter((c) => !c.archived)
              .map((c) =>
                item(
                  `critic ${c.id}`,
                  `Open critic ${c.id}`,
                  () => go(`/critics?${new URLSearchParams({ critic: c.id })}`),
                  { note: c.title },
                ),
              )}
            {item('new critic', 'New critic', () => go('/critics?new=critic'))}
          </Command.Group>
          {slices.data !== undefined && slices.data.length > 0 && (
            <Command.Group heading="Slices">
              {slices.data.map((slice) =>
                item(
                  `slice ${slice.id}`,
                  slice.name,
                  () => go(`/samples?${new URLSearchParams({ q: slice.query })}`),
                  { note: slice.query || 'all traces' },
                ),
              )}
            </Command.Group>
          )}
          {verifiers.data !== undefined && (
            <Command.Group heading={`Verify ${query === '' ? 'all traces' : query}`}>
              {verifiers.data.map((v) =>
                item(`verify ${v.id}`, `Verify with ${v.title}`, () => void startVerifier(v.id, query), {
                  note: v.id,
                }),
              )}
            </Command.Group>
          )}
          {runs !== null && runs.size > 0 && (
            <Command.Group heading="Runs">
              {runsNewestFirst(runs)
                .slice(0, RECENT_RUNS)
                .map((run) =>
                  item(`run ${run.id}`, `Run ${run.id}: ${run.title}`, () => go(`/runs?run=${run.id}`), {
                    note: `${run.state} ${run.subject}`,
                  }),
                )}
            </Command.Group>
          )}
          <Command.Group heading="Tabs">
            {item('split right', 'Split right', () => splitTab('right'), { keys: 'mod+\\' })}
            {item('split below', 'Split below', () => splitTab('below'))}
            {item('move right', 'Move tab to the right', moveTabRight)}
            {item('maximise', 'Maximise or restore the group', toggleMaximized)}
            {item('close tab', 'Close tab', closeTab, { keys: 'alt+w' })}
            {item('reset layout', 'Close all other tabs', resetLayout)}
          </Command.Group>
          <Command.Group heading="View">
            {THEMES.map((choice) =>
              item(
                `theme ${choice.theme}`,
                `Theme: ${choice.label.toLowerCase()}`,
                () => setTheme(choice.theme),
                {
                  ...(choice.theme === theme && { note: 'current' }),
                },
              ),
            )}
            {item('keys', 'Keys of this room', () => setOverlay('keys'), { keys: '?' })}
          </Command.Group>
        </Command.List>
      </Command>
    </Overlay>
  );
}
