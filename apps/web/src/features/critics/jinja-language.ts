import { completeAt } from '@flywheel/judges/critic/complete';
import type { CriticContext } from '@flywheel/judges/critic/context';
import { formatTemplate } from '@flywheel/judges/critic/format';
import { FILTERS, KEYWORDS, STATEMENTS, TESTS } from '@flywheel/judges/critic/vocabulary';
import { monaco } from '../../app/monaco.ts';

const words = [...KEYWORDS, ...STATEMENTS];

/** The sample whose shape completion knows, by editor model. */
const samples = new WeakMap<monaco.editor.ITextModel, CriticContext>();
export const setSample = (model: monaco.editor.ITextModel, sample: CriticContext | null): void => {
  if (sample) samples.set(model, sample);
  else samples.delete(model);
};

const KINDS = {
  variable: monaco.languages.CompletionItemKind.Variable,
  attribute: monaco.languages.CompletionItemKind.Field,
  filter: monaco.languages.CompletionItemKind.Function,
  test: monaco.languages.CompletionItemKind.Function,
  function: monaco.languages.CompletionItemKind.Function,
  keyword: monaco.languages.CompletionItemKind.Keyword,
};

/** Jinja in prompts: Markdown headings in the text, names, filters and words in the tags. Registered once. */
const register = (): void => {
  monaco.languages.register({ id: 'jinja' });
  monaco.languages.setLanguageConfiguration('jinja', {
    comments: { blockComment: ['{#', '#}'] },
    brackets: [
      ['{%', '%}'],
      ['{{', '}}'],
      ['(', ')'],
      ['[', ']'],
    ],
    autoClosingPairs: [
      { open: '{', close: '}' },
      { open: '"', close: '"', notIn: ['string'] },
      { open: '(', close: ')' },
      { open: '[', close: ']' },
    ],
  });
  monaco.languages.setMonarchTokensProvider('jinja', {
    words,
    filters: [...FILTERS],
    tests: [...TESTS],
    tokenizer: {
      root: [
        [/\{#/, 'comment', '@comment'],
        [/\{%[-+]?/, 'delimiter', '@tag'],
        [/\{\{[-+]?/, 'delimiter', '@value'],
        [/^#{1,6} .*?(?=\{[{%#]|$)/, 'heading'],
        [/[^{#]+/, ''],
        [/./, ''],
      ],
      comment: [
        [/#\}/, 'comment', '@pop'],
        [/[^#]+/, 'comment'],
        [/./, 'comment'],
      ],
      tag: [[/[-+]?%\}/, 'delimiter', '@pop'], { include: '@inside' }],
      value: [[/[-+]?\}\}/, 'delimiter', '@pop'], { include: '@inside' }],
      inside: [
        [/\s+/, ''],
        [/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/, 'string'],
        [/\d+(\.\d+)?/, 'number'],
        [/(\|\s*)([A-Za-z_]\w*)/, ['delimiter', 'filter']],
        [/[A-Za-z_]\w*/, { cases: { '@words': 'keyword', '@default': 'variable' } }],
        [/[^\s\w"'%}]+/, 'delimiter'],
        [/./, 'delimiter'],
      ],
    },
  });
  monaco.languages.registerCompletionItemProvider('jinja', {
    triggerCharacters: ['.', '|', ' ', '{', '%'],
    provideCompletionItems: (model, position) => {
      const offset = model.getOffsetAt(position);
      const suggestions = completeAt(model.getValue(), offset, samples.get(model)).map((c) => {
        const [from, to] = [model.getPositionAt(c.start), model.getPositionAt(c.end)];
        return {
          label: c.label,
          kind: KINDS[c.kind],
          insertText: c.label,
          detail: c.detail,
          range: new monaco.Range(from.lineNumber, from.column, to.lineNumber, to.column),
        };
      });
      return { suggestions };
    },
  });
  monaco.languages.registerDocumentFormattingEditProvider('jinja', {
    provideDocumentFormattingEdits: (model) => [
      { range: model.getFullModelRange(), text: formatTemplate(model.getValue()) },
    ],
  });
};
register();
