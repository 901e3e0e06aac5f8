import type { CriticBody } from '@flywheel/domain/critic';
import type { CriticContext } from '@flywheel/judges/critic/context';
import type { Diagnostic } from '@flywheel/judges/critic/diagnostic';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTab } from '../../app/tab.ts';
import type { ModelShelf } from './model-shelf.ts';
import { ParamsForm } from './params-form.tsx';
import type { Part } from './part-editor.tsx';
import { ProblemLine } from './problem-line.tsx';
import { readSchema, shownSchema } from './schema-problem.ts';
import type { OpenCritic } from './use-critic.ts';

const PartEditor = lazy(() => import('./part-editor.tsx'));

export type EditorTab = Part | 'parameters';
const TABS: readonly EditorTab[] = ['system', 'user', 'schema', 'parameters'];

/** The parts of a critic's body, one at a time, with what is wrong in them. */
export const EditorPane = (p: {
  /** Names the text in the editor: critic and version. */
  id: string;
  shelf: ModelShelf;
  body: CriticBody;
  /** The schema's text where it cannot be read. */
  schemaText: string | null;
  tab: EditorTab;
  onTab: (tab: EditorTab) => void;
  /** Why the last save or run was refused. */
  refusal: string | null;
  readOnly: boolean;
  diagnostics: readonly Diagnostic[];
  sample: CriticContext | null;
  onChange: OpenCritic['change'];
  onSave: () => void;
  onRun: () => void;
  children: React.ReactNode;
}) => {
  const { tab } = p;
  const [reveal, setReveal] = useState<{ id: number; offset: number } | null>(null);
  // What was typed keeps its own line breaks as long as it says what the body says.
  const [typed, setTyped] = useState('');
  const schema = useMemo(
    () => p.schemaText ?? shownSchema(p.body.schema, typed),
    [p.schemaText, p.body.schema, typed],
  );
  const schemaProblem = useMemo(() => readSchema(schema).problem, [schema]);
  const all = useMemo(
    () => [...(schemaProblem ? [schemaProblem] : []), ...p.diagnostics],
    [schemaProblem, p.diagnostics],
  );
  const inTab = useMemo(() => all.filter((d) => d.part === tab), [all, tab]);
  const text = tab === 'system' ? p.body.system : tab === 'user' ? p.body.user : schema;
  const write = (next: string): void => {
    if (next === text) return;
    if (tab !== 'schema') {
      p.onChange({ [tab]: next });
      return;
    }
    setTyped(next);
    const { schema } = readSchema(next);
    if (schema) p.onChange({ schema }, { schemaText: null });
    else p.onChange({}, { schemaText: next });
  };
  const fix = (d: Diagnostic): void => {
    if (d.fix && d.part !== 'schema')
      p.onChange({ [d.part]: p.body[d.part].slice(0, d.start) + d.fix.text + p.body[d.part].slice(d.end) });
  };
  const active = useTab()?.active ?? true;
  const latest = useRef({ inTab, fix, active });
  latest.current = { inTab, fix, active };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const first = latest.current.inTab.find((d) => d.fix);
      if (event.key !== '.' || !(event.ctrlKey || event.metaKey) || !first || !latest.current.active) return;
      event.preventDefault();
      latest.current.fix(first);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <>
      <div className="editor-head">
        <div role="tablist" aria-label="Parts of the critic" className="part-tabs">
          {TABS.map((t) => {
            const problems = all.filter((d) => d.part === t && d.severity !== 'info').length;
            return (
              <button
                key={t}
                type="button"
                role="tab"
                aria-selected={tab === t}
                onClick={() => p.onTab(t)}
                title={problems > 0 ? `${problems} to look at` : undefined}
              >
                {t}
                {problems > 0 && <i className="warn"> {problems}</i>}
              </button>
            );
          })}
        </div>
        <span className="grow" />
        {p.children}
      </div>
      {p.refusal && (
        <p className="refusal bad" role="alert">
          {p.refusal}
        </p>
      )}
      {tab === 'parameters' ? (
        <div className="pane">
          <ParamsForm body={p.body} readOnly={p.readOnly} onChange={p.onChange} />
        </div>
      ) : (
        <>
          <Suspense fallback={<p className="t3 critic-state">Loading the editor…</p>}>
            <PartEditor
              id={`${p.id} ${tab}`}
              shelf={p.shelf}
              part={tab}
              text={text}
              readOnly={p.readOnly}
              onText={write}
              diagnostics={inTab}
              sample={p.sample}
              onSave={p.onSave}
              onRun={p.onRun}
              reveal={reveal}
            />
          </Suspense>
          <ProblemLine
            diagnostics={inTab}
            onFix={fix}
            onGo={(d) => setReveal((was) => ({ id: (was?.id ?? 0) + 1, offset: d.start }))}
          />
        </>
      )}
    </>
  );
};
