import { useEffect, useRef } from 'react';
import 'monaco-editor/languages/definitions/sql/register.js';
import { applyTheme, monaco } from '../../app/monaco.ts';
import type { ErrorPlace } from './sql-error.ts';

export interface SqlEditorProps {
  /** What the editor begins with; a new `id` puts a new text in its place. While one types the editor leads. */
  load: { id: number; text: string };
  onText: (text: string) => void;
  onRun: () => void;
  error: { place: ErrorPlace | null; message: string } | null;
  /** Names offered while typing: tables and columns. */
  words: readonly string[];
}

/** Monaco on one statement; mod+Enter runs it. The default export, so that it can be loaded lazily. */
const SqlEditor = (p: SqlEditorProps) => {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const latest = useRef(p);
  latest.current = p;

  useEffect(() => {
    if (box.current === null) return;
    applyTheme();
    const made = monaco.editor.create(box.current, {
      value: latest.current.load.text,
      language: 'sql',
      theme: 'flywheel',
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      fontSize: 13,
      lineHeight: 20,
      padding: { top: 8 },
      ariaLabel: 'SQL statement',
      fixedOverflowWidgets: true,
      wordBasedSuggestions: 'off',
    });
    editor.current = made;
    made.onDidChangeModelContent(() => latest.current.onText(made.getValue()));
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => latest.current.onRun());
    made.focus();
    const offered = monaco.languages.registerCompletionItemProvider('sql', {
      provideCompletionItems: (model, position) => {
        const word = model.getWordUntilPosition(position);
        const range = new monaco.Range(
          position.lineNumber,
          word.startColumn,
          position.lineNumber,
          word.endColumn,
        );
        return {
          suggestions: latest.current.words.map((label) => ({
            label,
            insertText: label,
            range,
            kind: monaco.languages.CompletionItemKind.Field,
          })),
        };
      },
    });
    const themes = new MutationObserver(applyTheme);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      themes.disconnect();
      offered.dispose();
      made.getModel()?.dispose();
      made.dispose();
      editor.current = null;
    };
  }, []);

  const shown = useRef(p.load.id);
  useEffect(() => {
    const made = editor.current;
    const model = made?.getModel();
    if (made === null || !model || shown.current === p.load.id) return;
    shown.current = p.load.id;
    // An edit, not a new value: the editor's own undo can take it back.
    made.executeEdits('load', [{ range: model.getFullModelRange(), text: p.load.text }]);
    made.focus();
  }, [p.load]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model) return;
    const place = p.error?.place ?? null;
    const word = place && model.getWordAtPosition({ lineNumber: place.line, column: place.column });
    monaco.editor.setModelMarkers(
      model,
      'duckdb',
      p.error && place
        ? [
            {
              severity: monaco.MarkerSeverity.Error,
              message: p.error.message,
              startLineNumber: place.line,
              startColumn: word?.startColumn ?? place.column,
              endLineNumber: place.line,
              endColumn: word?.endColumn ?? place.column + 1,
            },
          ]
        : [],
    );
  }, [p.error]);

  return <div ref={box} className="sql-editor" />;
};

export default SqlEditor;
