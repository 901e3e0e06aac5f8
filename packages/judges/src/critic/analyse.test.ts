import { expect, test } from 'vitest';
import { analyse } from './analyse.ts';
import { completeAt } from './complete.ts';
import type { CriticContext } from './context.ts';
import { DEFAULT_CRITIC, STARTERS } from './default-critic.ts';
import { formatTemplate } from './format.ts';
import { loadTemplates } from './templates.node.ts';
import { tokenize } from './tokens.ts';
import { FILTERS, TESTS } from './vocabulary.ts';

const sample: CriticContext = {
  problem: { prompt: 'How many pears?', task: 'pears' },
  trace: { id: 't1', model: 'm', answer: '4', text: '[S0] 2 + 2 = 4' },
  steps: [{ index: 0, text: '2 + 2 = 4' }],
  examples: [],
};
const templates = await loadTemplates();
const of = (user: string, n = 0) =>
  analyse({ ...DEFAULT_CRITIC, user, examples: { n, seed: 1, from: 'any' } }, sample, templates);
const first = (user: string, code: string) => {
  const found = of(user).find((d) => d.code === code);
  return found && { at: user.slice(found.start, found.end), fix: found.fix?.text };
};

test('[J30] the starters have nothing wrong, and render', () => {
  for (const { body } of STARTERS) {
    expect(analyse(body, sample, templates)).toEqual([]);
    expect(templates.render(body, sample).at(-1)?.content).toContain('[S0] 2 + 2 = 4');
  }
});

test('[J31] a syntax error has its exact range', () => {
  expect(first('x\n{{ a b }}', 'syntax')?.at).toBe('b');
  expect(first('x\n{% endfor %}', 'syntax')?.at).toBe('endfor');
  expect(first('x {{ "abc }}', 'syntax')?.at).toBe('"abc }}');
  expect(first('x {{ a', 'syntax')?.at).toBe('{{');
});

test('[J32] an undefined variable is named, with the one that was meant', () => {
  expect(first('{% for ex in exmaples[:2] %}{{ ex }}{% endfor %}', 'undefined-variable')).toEqual({
    at: 'exmaples',
    fix: 'examples',
  });
  expect(first('{% for s in steps %}{% endfor %}{{ s }}', 'undefined-variable')?.at).toBe('s');
});

test('[J33] names of for, set, macro, with, and those that are asked for, are defined', () => {
  const user = `{% set a = 1 %}{{ a }}{% for s in steps if s.index %}{{ loop.index }}{{ s.text }}{% endfor %}
{% macro m(p, q=1) %}{{ p }}{{ q }}{% endmacro %}{{ m(1, q=2) }}{% with w = 1 %}{{ w }}{% endwith %}
{% if hint is defined %}{{ hint }}{% endif %}{{ other | default("x") }}{{ reference.answer }}`;
  expect(of(user).filter((d) => d.part === 'user')).toEqual([]);
});

test('[J34] attributes, filters and tests that are not there are named', () => {
  expect(first('{{ problem.promt }}', 'unknown-attribute')).toEqual({ at: 'promt', fix: 'prompt' });
  expect(first('{% for s in steps %}{{ s.txt }}{% endfor %}', 'unknown-attribute')?.fix).toBe('text');
  expect(first('{{ problem.prompt | trm }}', 'unknown-filter')).toEqual({ at: 'trm', fix: 'trim' });
  expect(first('{{ 1 is definde }}', 'unknown-test')).toEqual({ at: 'definde', fix: 'defined' });
});

test('[J34] the lists of filters and tests are those of the engine', () => {
  const said = templates.render({ system: '', user: '{{ debug() }}' }, sample).at(-1)?.content ?? '';
  const listed = (name: string) =>
    [...(new RegExp(`${name}: \\[([^\\]]*)\\]`).exec(said)?.[1] ?? '').matchAll(/"(\w+)"/g)].map((m) => m[1]);
  expect([...FILTERS].sort()).toEqual(listed('filters').sort());
  expect([...TESTS].sort()).toEqual(listed('tests').sort());
});

test('[J35] examples drawn and not shown, or shown and not drawn; no steps; nothing at all', () => {
  expect(of('{{ trace.text }}', 2).map((d) => d.code)).toContain('unused-examples');
  expect(of('{{ trace.text }}{{ examples }}').map((d) => d.code)).toContain('no-examples');
  expect(of('{{ problem.prompt }}').map((d) => d.code)).toContain('no-steps');
  expect(of(' ').map((d) => d.code)).toContain('empty-template');
});

test('[J36] fields that nobody asks for, and a verdict that the schema lacks', () => {
  const schema = { type: 'object', properties: { oddity: { type: 'string' } } };
  const codes = analyse({ ...DEFAULT_CRITIC, schema }).map((d) => d.code);
  expect(codes).toEqual(['missing-field', 'unasked-field']);
});

test('[J37] completion knows the sample', () => {
  const at = (text: string) => completeAt(text, text.length, sample);
  expect(at('{{ problem.').map((c) => [c.label, c.detail])).toEqual([
    ['prompt', 'How many pears?'],
    ['task', 'pears'],
  ]);
  expect(at('{% for s in steps %}{{ s.te').map((c) => [c.label, c.start])).toContainEqual(['text', 25]);
  expect(at('{{ x | tr').map((c) => c.label)).toContain('trim');
  expect(at('{{ x is ').map((c) => c.label)).toContain('defined');
  expect(at('{% ').map((c) => c.label)).toContain('for');
  expect(at('plain ')).toEqual([]);
});

const PIECES = [
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
  '#}',
  '{%-',
  '-%}',
  '{{-',
  '-}}',
  ' ',
  '\n',
  '  ',
  'a',
  'steps',
  'problem.prompt',
  '"',
  "'",
  '{',
  '}',
  '|',
  'trim',
  'for s in steps',
  'endfor',
  'if a',
  'endif',
  'raw',
  'endraw',
  '1',
  '[0]',
  '+',
  '%',
  'é',
];
const texts = (count: number): string[] => {
  let seed = 7;
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * n);
  };
  const piece = () => PIECES[random(PIECES.length)] ?? '';
  const tag = () =>
    [
      '{{a}}',
      '{{-  steps[0].text|trim -}}',
      '{%for s in steps%} {{s.text}}{%endfor%}',
      '{%raw%} {{x}} {%endraw%}',
      '{%-if a -%}b{%endif%}',
      '{{ {"a":{"b":1}} }}',
    ][random(6)];
  return Array.from({ length: count }, (_, k) =>
    Array.from({ length: 1 + random(12) }, () => (k % 2 ? tag() : piece())).join(random(2) ? ' ' : '\n'),
  );
};

test('[J38] formatting never changes what a template renders (3,000 templates, seed 7)', () => {
  let rendered = 0;
  for (const text of texts(3_000)) {
    if (templates.check('user', text)) continue;
    const run = (user: string) => {
      try {
        return templates.render({ system: '', user }, sample);
      } catch (error) {
        return String(error);
      }
    };
    const formatted = formatTemplate(text);
    expect(run(formatted), JSON.stringify(text)).toEqual(run(text));
    expect(formatTemplate(formatted)).toBe(formatted);
    rendered++;
  }
  expect(rendered).toBeGreaterThan(1_000);
});

test('[J38] any text is read, with tokens in order that miss only blanks', () => {
  for (const text of texts(3_000)) {
    let from = 0;
    for (const token of tokenize(text)) {
      expect(text.slice(from, token.start).trim(), JSON.stringify(text)).toBe('');
      expect(text.slice(token.start, token.end)).toBe(token.text);
      from = token.end;
    }
    expect(text.slice(from).trim()).toBe('');
    of(text);
    completeAt(text, Math.floor(text.length / 2), sample);
  }
});
