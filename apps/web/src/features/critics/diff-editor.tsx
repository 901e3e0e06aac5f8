import 'monaco-editor/editor/browser/widget/diffEditor/diffEditor.contribution.js';
import { useEffect, useRef } from 'react';
import { applyTheme, monaco } from '../../app/monaco.ts';
import './jinja-language.ts';

/** Two texts side by side, read-only. The default export, so that it can be loaded lazily. */
const DiffEditor = ({ before, after, language }: { before: string; after: string; language: string }) => {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return;
    applyTheme();
    const models = {
      original: monaco.editor.createModel(before, language),
      modified: monaco.editor.createModel(after, language),
    };
    for (const model of Object.values(models))
      model.updateOptions({
        bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
      });
    const made = monaco.editor.createDiffEditor(box.current, {
      theme: 'flywheel',
      readOnly: true,
      automaticLayout: true,
      renderSideBySide: true,
      scrollBeyondLastLine: false,
      minimap: { enabled: false },
      wordWrap: 'on',
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      fontSize: 13,
      lineHeight: 20,
    });
    made.setModel(models);
    made.getOriginalEditor().updateOptions({ ariaLabel: 'before' });
    made.getModifiedEditor().updateOptions({ ariaLabel: 'after' });
    const themes = new MutationObserver(applyTheme);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      themes.disconnect();
      made.dispose();
      models.original.dispose();
      models.modified.dispose();
    };
  }, [before, after, language]);
  return <div ref={box} className="critic-editor" />;
};

export default DiffEditor;
