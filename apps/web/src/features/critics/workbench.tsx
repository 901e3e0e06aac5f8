import { judgeOfVersion } from '@flywheel/domain/critic';
import type { TraceId } from '@flywheel/domain/ids';
import type { ProviderId } from '@flywheel/domain/provider';
import { Button } from '@flywheel/ui/button.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useKeys } from '../../app/keys.ts';
import { useGo } from '../../app/params.ts';
import { toast } from '../../app/toasts.ts';
import { CompareStrip } from './compare-strip.tsx';
import { bodyOf, draftOf, dropDraft, keepDraft, wholeText } from './drafts.ts';
import { EditorPane } from './editor-pane.tsx';
import { GoldBox } from './gold-box.tsx';
import { LaunchDialog } from './launch-dialog.tsx';
import { ModelPicker, type Where } from './model-picker.tsx';
import { PinnedPane } from './pinned-pane.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { ResponsePane } from './response-pane.tsx';
import { SaveForm } from './save-form.tsx';
import { criticsServer } from './server.ts';
import { createTries } from './tries.ts';
import type { OpenCritic } from './use-critic.ts';
import { useContext, usePreview } from './use-sample.ts';
import { VersionList } from './version-list.tsx';

const DiffEditor = lazy(() => import('./diff-editor.tsx'));

/** One critic: its versions, the editor, pinned traces, the prompt as it would be sent, and what a model says. */
export const Workbench = (p: {
  open: OpenCritic;
  /** The version of the URL; null: what is being written. */
  looked: number | null;
  side: ReactNode;
  onVersion: (version: number | null) => void;
}) => {
  const { detail, version, body, unsaved, parent, change } = p.open;
  const { critic } = version;
  const cache = useQueryClient();
  const go = useGo();
  const [tries] = useState(createTries);
  const { tries: answers, asking } = useStore(tries.store);
  const [chosen, setChosen] = useState<TraceId | null>(null);
  const [marks, setMarks] = useState<{ a: number | null; b: number | null }>({ a: null, b: null });
  const [side, setSide] = useState<'preview' | 'response'>('preview');
  const [saving, setSaving] = useState(false);
  const [picked, setPicked] = useState<Where | null>(null);

  const providers = useQuery({ queryKey: ['providers', 'list'], queryFn: criticsServer.providers });
  const [first] = providers.data ?? [];
  const where = picked ?? { provider: first?.id ?? '', model: first?.model ?? '' };
  const pinned = useQuery({
    queryKey: ['critics', 'pinned', detail.pins],
    queryFn: async () => (await criticsServer.traces(detail.pins)).flatMap((t) => t ?? []),
    placeholderData: (before) => before,
  });
  const traces = pinned.data ?? [];
  const trace = traces.find((t) => t.row.id === chosen) ?? traces[0] ?? null;
  const context = useContext(trace?.row.id ?? null, body.examples);
  const sample = context.data ?? null;
  const { preview, diagnostics } = usePreview(body, sample);

  // Questions of a critic that nobody looks at any more would cost for nothing.
  useEffect(() => () => tries.stop(), [tries]);

  const looking = p.looked !== null;
  const newest = detail.versions[0];
  const next = (newest?.number ?? 0) + 1;
  const renew = () => cache.invalidateQueries({ queryKey: ['critics', 'get', critic] });
  const failed = (what: string) => (error: unknown) =>
    toast({ text: `${what}: ${error instanceof Error ? error.message : error}`, tone: 'bad' });
  const ready = where.provider !== '' && where.model !== '' && traces.length > 0;

  const run = (fresh: boolean): void => {
    if (!ready || asking) return;
    setSide('response');
    void tries.run({
      body,
      provider: where.provider as ProviderId,
      model: where.model,
      traces: traces.map((t) => t.row.id),
      fresh,
    });
  };
  const save = async (title: string): Promise<void> => {
    setSaving(false);
    try {
      const saved = await criticsServer.save(critic, body, title, parent);
      await renew();
      dropDraft(critic);
      p.onVersion(null);
      toast({
        text:
          saved.number === next
            ? `v${saved.number} saved`
            : `It is the same as v${saved.number}: nothing to save`,
        tone: 'good',
      });
    } catch (error) {
      failed('Not saved')(error);
    }
  };
  const restore = (): void => {
    if (!newest) return;
    const before = draftOf(critic);
    keepDraft(critic, { body: bodyOf(version), parent: version.number }, bodyOf(newest));
    p.onVersion(null);
    if (before)
      toast({ text: `v${version.number} is the draft now`, undo: () => keepDraft(critic, before, null) });
  };
  const askToSave = (): void => {
    if (unsaved) setSaving(true);
  };
  useKeys('critics', [
    { key: 'mod+Enter', label: 'run the pinned traces', run: () => run(false) },
    { key: 'mod+s', label: 'save the draft as a version', run: askToSave },
    { key: 'Escape', label: 'stop asking', run: () => tries.stop() },
  ]);
  const marked = useMemo(
    () => [marks.a, marks.b].map((n) => detail.versions.find((v) => v.number === n)),
    [marks, detail.versions],
  );
  const [a, b] = marked;
  const mark = (n: number): void =>
    setMarks((m) =>
      m.a === n
        ? { a: m.b, b: null }
        : m.b === n
          ? { ...m, b: null }
          : m.a === null
            ? { a: n, b: null }
            : { ...m, b: n },
    );

  return (
    <div className="critics">
      <div className="group critic-side">
        {p.side}
        <header className="ph">
          <h2 className="mono">{critic}</h2>
          <span className="t3">{detail.versions.length} versions</span>
        </header>
        <div className="pane">
          <VersionList
            versions={detail.versions}
            unsaved={unsaved || (looking && draftOf(critic) !== undefined)}
            open={p.looked}
            marks={marks}
            onOpen={p.onVersion}
            onMark={mark}
          />
        </div>
        <GoldBox gold={detail.gold} testUses={detail.testUses} />
      </div>
      <div className="group critic-main">
        {a && b ? (
          <>
            <div className="editor-head">
              <b>
                v{a.number} to v{b.number}
              </b>
              <span className="grow" />
              <Button onClick={() => setMarks({ a: null, b: null })}>Close the diff</Button>
            </div>
            <Suspense fallback={<p className="t3 critic-state">Loading the editor…</p>}>
              <DiffEditor before={wholeText(a)} after={wholeText(b)} language="jinja" />
            </Suspense>
          </>
        ) : (
          <EditorPane
            id={`${critic} ${looking ? version.number : 'draft'}`}
            body={body}
            readOnly={looking}
            diagnostics={diagnostics}
            sample={sample}
            onChange={(part) => {
              if (!looking) change(part);
            }}
            onSave={askToSave}
            onRun={() => run(false)}
          >
            {first ? (
              <ModelPicker providers={providers.data ?? []} where={where} onChange={setPicked} />
            ) : (
              <a className="btn" href="/settings">
                Add a provider
              </a>
            )}
            {looking ? (
              <Button onClick={restore}>Restore v{version.number} as a draft</Button>
            ) : (
              <Button
                keys="mod+s"
                disabled={!unsaved}
                title={unsaved ? '' : 'Nothing has changed'}
                onClick={askToSave}
              >
                Save as v{next}
              </Button>
            )}
            <LaunchDialog
              version={version}
              where={where}
              disabled={!first}
              onStarted={(id) => go(`/runs?run=${id}`)}
            />
            {asking ? (
              <Button primary onClick={() => tries.stop()}>
                Stop
              </Button>
            ) : (
              <Button
                primary
                keys="mod+Enter"
                disabled={!ready}
                title={
                  traces.length === 0 ? 'Pin traces first' : ready ? '' : 'Choose a provider and a model'
                }
                onClick={() => run(false)}
              >
                Run pinned
              </Button>
            )}
          </EditorPane>
        )}
        {a && b && <CompareStrip a={a} b={b} />}
        {saving && <SaveForm number={next} onSave={save} onClose={() => setSaving(false)} />}
        {!(a && b) && (
          <PinnedPane
            traces={traces}
            tries={answers}
            chosen={trace?.row.id ?? null}
            judge={judgeOfVersion(critic, version.number)}
            onChoose={setChosen}
            onPin={(query, limit) =>
              void criticsServer.pinQuery(critic, query, limit).then(renew, failed('Not pinned'))
            }
            onUnpin={(id) =>
              void criticsServer.unpin(critic, [id]).then(async () => {
                await renew();
                toast({
                  text: 'Unpinned',
                  undo: async () => {
                    await criticsServer.pin(critic, [id]);
                    await renew();
                  },
                });
              }, failed('Not unpinned'))
            }
          />
        )}
      </div>
      <div className="group critic-right">
        <div role="tablist" aria-label="Prompt and answer" className="part-tabs bar">
          <button
            type="button"
            role="tab"
            aria-selected={side === 'preview'}
            onClick={() => setSide('preview')}
          >
            Preview
          </button>
          <button
            type="button"
            role="tab"
            aria-selected={side === 'response'}
            onClick={() => setSide('response')}
          >
            Response
          </button>
          <span className="grow" />
          {side === 'response' && (
            <Button
              small
              disabled={!ready || asking}
              title="Asks again, past the cache"
              onClick={() => run(true)}
            >
              Ask again
            </Button>
          )}
        </div>
        {side === 'preview' ? (
          <PreviewPane
            preview={preview}
            empty={traces.length === 0 ? 'The prompt of a pinned trace appears here.' : 'Rendering…'}
          />
        ) : (
          <ResponsePane tried={trace ? answers.get(trace.row.id) : undefined} trace={trace} body={body} />
        )}
      </div>
    </div>
  );
};
