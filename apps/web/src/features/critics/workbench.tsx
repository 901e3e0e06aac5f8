import type { CriticSummary } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useKeys } from '../../app/keys.ts';
import { useGo } from '../../app/params.ts';
import { useRoomCommands } from '../../app/room-commands.ts';
import { type Bottom, BottomTabs } from './bottom-tabs.tsx';
import { type Source, sourcesOf } from './columns.ts';
import { CompareStrip } from './compare-strip.tsx';
import { CriticSide } from './critic-side.tsx';
import { useDrafts } from './drafts.ts';
import { EditorActions } from './editor-actions.tsx';
import { EditorPane } from './editor-pane.tsx';
import { LaunchDialog } from './launch-dialog.tsx';
import { readPrefill } from './launch-fields.ts';
import { type Marks, toggleMark } from './marks.ts';
import type { Where } from './model-picker.tsx';
import type { ModelShelf } from './model-shelf.ts';
import { PinnedPane } from './pinned-pane.tsx';
import { RightSide, type Side } from './right-side.tsx';
import { readPair } from './run-pair.ts';
import { SaveForm } from './save-form.tsx';
import { criticsServer } from './server.ts';
import { SuitesPane } from './suites-pane.tsx';
import { createTries, staleness } from './tries.ts';
import type { OpenCritic } from './use-critic.ts';
import { useDrafting } from './use-drafting.ts';
import { usePins } from './use-pins.ts';
import { usePreview } from './use-sample.ts';
import { VersionDiff } from './version-diff.tsx';

/** One critic: its versions, the editor, pinned traces, the prompt as it would be sent, and what a model says. */
export const Workbench = (p: {
  open: OpenCritic;
  /** The version of the URL; null: what is being written. */
  looked: number | null;
  /** The launch that the URL asks for, as JSON. */
  launch: string | null;
  /** Runs that the URL asks to be compared, as `21,23`. */
  compare: string | null;
  critics: readonly CriticSummary[];
  /** The list of critics. */
  side: ReactNode;
  shelf: ModelShelf;
  picked: Where | null;
  onPick: (where: Where) => void;
  onCritic: (critic: string) => void;
  onVersion: (version: number | null) => void;
  onLaunchClosed: () => void;
}) => {
  const { detail, version, body, draft, change } = p.open;
  const { critic } = version;
  const go = useGo();
  const [tries] = useState(createTries);
  const { rounds, asking } = useStore(tries.store);
  const kept = useDrafts((s) => s.drafts[critic] ?? null);
  const drafting = useDrafting(p.open, p.onVersion);
  const pinned = usePins(critic, detail.pins);
  const [chosen, setChosen] = useState<TraceId | null>(null);
  const [marks, setMarks] = useState<Marks>({ a: null, b: null });
  const [diffOpen, setDiffOpen] = useState(false);
  const [bottom, setBottom] = useState<Bottom>('pinned');
  const pair = useMemo(() => readPair(p.compare), [p.compare]);
  useEffect(() => {
    if (pair) setBottom('compare');
  }, [pair]);
  const [columns, setColumns] = useState<{ a: Source | null; b: Source | null }>({ a: null, b: null });
  const [side, setSide] = useState<Side>('preview');
  const [launching, setLaunching] = useState(false);

  const providers = useQuery({ queryKey: ['providers', 'list'], queryFn: criticsServer.providers });
  const [first] = providers.data ?? [];
  const where = p.picked ?? { provider: first?.id ?? '', model: first?.model ?? '' };
  const { traces } = pinned;
  const trace = traces.find((t) => t.row.id === chosen) ?? traces[0] ?? null;
  const { preview, sample, diagnostics, failure } = usePreview(body, trace?.row.id ?? null);
  const prefill = readPrefill(p.launch);

  // Questions of a critic that nobody looks at any more would cost for nothing.
  useEffect(() => () => tries.stop(), [tries]);

  const looking = p.looked !== null;
  const notReady =
    traces.length === 0
      ? 'Pin traces first'
      : where.provider === '' || where.model === ''
        ? 'Choose a provider and a model'
        : '';
  const ready = notReady === '';
  const run = (fresh: boolean): void => {
    if (!ready || asking || !drafting.admit('run')) return;
    setSide('response');
    setBottom('pinned');
    const label = draft ? 'draft' : `v${version.number}`;
    void tries.run({ body, where, label, traces: traces.map((t) => t.row.id), fresh });
  };
  useKeys('critics', [
    { key: 'mod+Enter', label: 'run the pinned traces', run: () => run(false) },
    { key: 'mod+s', label: 'save the draft as a version', run: drafting.askToSave },
    { key: 'Escape', label: 'stop asking', run: tries.stop },
  ]);

  useRoomCommands([
    ...(ready && !asking
      ? [{ id: 'run pinned', label: `Run ${critic} on pinned`, keys: 'mod+Enter', run: () => run(false) }]
      : []),
    ...(draft ? [{ id: 'save', label: 'Save the draft as a version', run: drafting.askToSave }] : []),
    ...(first
      ? [{ id: 'launch', label: `Launch ${critic} v${version.number}`, run: () => setLaunching(true) }]
      : []),
  ]);

  const markedOf = (n: number | null) => detail.versions.find((v) => v.number === n);
  const [a, b] = [markedOf(marks.a), markedOf(marks.b)];
  const mark = (n: number): void => {
    const next = toggleMark(marks, n);
    const both = next.a !== null && next.b !== null;
    setMarks(next);
    setColumns({ a: null, b: null });
    setDiffOpen(both);
    if (both) setBottom('compare');
  };
  const options = sourcesOf(rounds, detail.versions);
  const known = (source: Source | null): Source | null =>
    options.some((o) => o.source === source) ? source : null;
  const [round] = rounds;
  const tabs = <BottomTabs bottom={bottom} onBottom={setBottom} />;

  return (
    <div className="critics">
      <CriticSide
        open={p.open}
        critics={p.critics}
        list={p.side}
        draft={kept}
        looked={p.looked}
        marks={marks}
        diffOpen={diffOpen}
        onDiff={setDiffOpen}
        onMark={mark}
        onVersion={(n) => {
          setDiffOpen(false);
          p.onVersion(n);
        }}
        onDiscard={drafting.discard}
        onCritic={p.onCritic}
      />
      <div className="group critic-main">
        {a && b && diffOpen ? (
          <VersionDiff a={a} b={b} onClose={() => setDiffOpen(false)} />
        ) : (
          <EditorPane
            id={`${critic} ${looking ? version.number : 'draft'}`}
            shelf={p.shelf}
            body={body}
            schemaText={draft?.schemaText ?? null}
            tab={drafting.tab}
            onTab={drafting.setTab}
            refusal={drafting.refusal}
            readOnly={looking}
            diagnostics={diagnostics}
            sample={sample}
            onChange={(part, about) => {
              if (!looking) change(part, about);
            }}
            onSave={drafting.askToSave}
            onRun={() => run(false)}
          >
            <EditorActions
              providers={providers}
              where={where}
              onWhere={p.onPick}
              version={version.number}
              next={drafting.next}
              looking={looking}
              unsaved={draft !== null}
              asking={asking}
              notReady={notReady}
              onRestore={drafting.restore}
              onSave={drafting.askToSave}
              onLaunch={() => setLaunching(true)}
              onRun={() => run(false)}
              onStop={tries.stop}
            />
          </EditorPane>
        )}
        {drafting.saving && draft && (
          <SaveForm
            number={drafting.next}
            title={draft.title}
            same={drafting.same}
            busy={drafting.busy}
            onTitle={drafting.setTitle}
            onSave={() => void drafting.save()}
            onOpenSame={drafting.openSame}
            onClose={drafting.closeSaving}
          />
        )}
        <div className="critic-bottom">
          {bottom === 'suites' ? (
            <SuitesPane tabs={tabs} version={version} providers={providers.data ?? []} where={where} />
          ) : bottom === 'compare' ? (
            <CompareStrip tabs={tabs} critic={critic} marks={marks} pair={pair} />
          ) : (
            <PinnedPane
              tabs={tabs}
              critic={critic}
              body={body}
              where={where}
              pinned={pinned}
              rounds={rounds}
              options={options}
              a={known(columns.a) ?? `v${marks.a ?? version.number}`}
              b={known(columns.b) ?? (marks.b === null ? 'now' : `v${marks.b}`)}
              onSource={(column, source) => setColumns((now) => ({ ...now, [column]: source }))}
              chosen={trace?.row.id ?? null}
              onChoose={setChosen}
            />
          )}
        </div>
      </div>
      <RightSide
        critic={critic}
        figured={a && b ? [a.number, b.number] : [version.number]}
        side={side}
        onSide={setSide}
        preview={preview}
        failure={failure}
        trace={trace}
        tried={trace ? round?.tries.get(trace.row.id) : undefined}
        stale={round ? staleness(round, body, where) : null}
        body={body}
        askable={ready && !asking}
        onAskAgain={() => run(true)}
      />
      {(launching || prefill) && providers.data && (
        <LaunchDialog
          version={version}
          versions={detail.versions}
          providers={providers.data}
          where={where}
          prefill={prefill ?? {}}
          onStarted={(id) => {
            setLaunching(false);
            p.onLaunchClosed();
            go(`/runs?run=${id}`);
          }}
          onClose={() => {
            setLaunching(false);
            if (prefill) p.onLaunchClosed();
          }}
        />
      )}
    </div>
  );
};
