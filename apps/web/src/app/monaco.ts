import 'monaco-editor/editor/contrib/bracketMatching/browser/bracketMatching.js';
import 'monaco-editor/editor/contrib/clipboard/browser/clipboard.js';
import 'monaco-editor/editor/contrib/comment/browser/comment.js';
import 'monaco-editor/editor/contrib/find/browser/findController.js';
import 'monaco-editor/editor/contrib/hover/browser/hoverContribution.js';
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
import 'monaco-editor/editor/contrib/wordOperations/browser/wordOperations.js';
import * as monaco from 'monaco-editor/editor/editor.api.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';

/** The editor's core without languages; loaded only when a tab with an editor opens. */
self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

/** Reads the theme's tokens, so that the editor has the page's colours. */
export const applyTheme = (): void => {
  const style = getComputedStyle(document.documentElement);
  // Monaco knows only long colours; a build may have shortened the tokens (`#fff`).
  const token = (name: string): string =>
    style
      .getPropertyValue(name)
      .trim()
      .replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
  const bare = (name: string): string => token(name).replace('#', '');
  monaco.editor.defineTheme('flywheel', {
    base: style.colorScheme.includes('light') ? 'vs' : 'vs-dark',
    inherit: true,
    rules: [
      { token: '', foreground: bare('--ed-text') },
      { token: 'keyword', foreground: bare('--ed-keyword') },
      { token: 'operator', foreground: bare('--ed-delim') },
      { token: 'delimiter', foreground: bare('--ed-delim') },
      { token: 'string', foreground: bare('--ed-string') },
      { token: 'number', foreground: bare('--ed-variable') },
      { token: 'comment', foreground: bare('--ed-comment') },
      // The base themes colour these more exactly, so they are named as exactly here.
      { token: 'predefined.sql', foreground: bare('--ed-filter') },
      { token: 'string.sql', foreground: bare('--ed-string') },
      { token: 'operator.sql', foreground: bare('--ed-delim') },
      { token: 'variable', foreground: bare('--ed-variable') },
      { token: 'filter', foreground: bare('--ed-filter') },
      { token: 'heading', foreground: bare('--ed-text'), fontStyle: 'bold' },
      { token: 'string.key.json', foreground: bare('--ed-variable') },
      { token: 'string.value.json', foreground: bare('--ed-string') },
    ],
    colors: {
      'editor.background': token('--bg-inset'),
      'editor.foreground': token('--ed-text'),
      'editorLineNumber.foreground': token('--ed-lineno'),
      'editorLineNumber.dimmedForeground': token('--ed-lineno'),
      'editor.lineHighlightBackground': token('--ed-line'),
      'editorWidget.background': token('--bg-popover'),
      'editorWidget.border': token('--line-strong'),
      'diffEditor.insertedLineBackground': token('--good-soft'),
      'diffEditor.removedLineBackground': token('--bad-soft'),
      'diffEditor.insertedTextBackground': token('--good-soft'),
      'diffEditor.removedTextBackground': token('--bad-soft'),
    },
  });
  monaco.editor.setTheme('flywheel');
};

export { monaco };
