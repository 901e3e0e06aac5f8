import 'monaco-editor/editor/contrib/format/browser/formatActions.js';
import type { CriticContext } from '@flywheel/judges/critic/context';
import type { Diagnostic } from '@flywheel/judges/critic/diagnostic';
import { useEffect, useRef } from 'react';
import { applyTheme, monaco } from '../../app/monaco.ts';
import { setSample } from './jinja-language.ts';
import './json-language.ts';
import type { ModelShelf } from './model-shelf.ts';

export type Part = 'system' | 'user' | 'schema';

export interface PartEditorProps {
  /** Names the text: critic, version or draft, and part. Each keeps its own undo history on the shelf. */
  id: string;
  shelf: ModelShelf;
  part: Part;
  text: string;
  onText: (text: string) => void;
  /** A version that was saved: it may be read and copied. */
  readOnly: boolean;
  diagnostics: readonly Diagnostic[];
  sample: CriticContext | null;
  onSave: () => void;
  onRun: () => void;
  /** Puts the caret at an offset; a new `id` does it again. */
  reveal: { id: number; offset: number } | null;
}

const SEVERITY = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  info: monaco.MarkerSeverity.Info,
};

/** Monaco on one part of a critic. The default export, so that it can be loaded lazily. */
const PartEditor = (p: PartEditorProps) => {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const latest = useRef(p);
  latest.current = p;
  const loading = useRef(false);
  const language = p.part === 'schema' ? 'json' : 'jinja';

  useEffect(() => {
    if (box.current === null) return;
    applyTheme();
    const made = monaco.editor.create(box.current, {
      model: null,
      theme: 'flywheel',
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      wordWrap: 'on',
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      fontSize: 13,
      lineHeight: 20,
      padding: { top: 8 },
      fixedOverflowWidgets: true,
      wordBasedSuggestions: 'off',
    });
    editor.current = made;
    // Only what is typed here is told: texts that come from elsewhere are known there.
    made.onDidChangeModelContent(() => {
      if (!loading.current) latest.current.onText(made.getValue());
    });
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, () => latest.current.onSave());
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => latest.current.onRun());
    const themes = new MutationObserver(applyTheme);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      themes.disconnect();
      made.dispose();
      editor.current = null;
    };
  }, []);

  useEffect(() => {
    const made = editor.current;
    if (!made) return;
    const { part, text, readOnly, shelf } = latest.current;
    const shelved = shelf.of(p.id, () => {
      const model = monaco.editor.createModel(text, language);
      model.updateOptions({
        bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
      });
      return model;
    });
    made.setModel(shelved.model);
    made.restoreViewState(shelved.view);
    made.updateOptions({ ariaLabel: `${part} of the critic`, readOnly });
    return () => {
      shelved.view = made.saveViewState();
    };
  }, [p.id, language]);

  // Texts that come from elsewhere (a fix, another tab) go in as an edit: undo can take them back.
  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model || model.getValue() === p.text) return;
    loading.current = true;
    model.pushStackElement();
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: p.text }], () => null);
    model.pushStackElement();
    loading.current = false;
  }, [p.text, p.id]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (model) setSample(model, p.sample);
  }, [p.sample, p.id, language]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model) return;
    const markers = p.diagnostics.map((d) => {
      const [from, to] = [model.getPositionAt(d.start), model.getPositionAt(Math.max(d.end, d.start + 1))];
      return {
        severity: SEVERITY[d.severity],
        message: d.message,
        startLineNumber: from.lineNumber,
        startColumn: from.column,
        endLineNumber: to.lineNumber,
        endColumn: to.column,
      };
    });
    monaco.editor.setModelMarkers(model, 'critic', markers);
  }, [p.diagnostics, p.id, language]);

  useEffect(() => {
    const made = editor.current;
    const model = made?.getModel();
    if (!made || !model || !p.reveal) return;
    const at = model.getPositionAt(p.reveal.offset);
    made.setPosition(at);
    made.revealPositionInCenterIfOutsideViewport(at);
    made.focus();
  }, [p.reveal]);

  return <div ref={box} className="critic-editor" />;
};

export default PartEditor;
