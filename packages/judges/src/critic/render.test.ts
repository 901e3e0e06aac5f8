import { expect, test } from 'vitest';
import type { CriticContext } from './context.ts';
import { countTokens } from './count-tokens.ts';
import { criticHash } from './critic-hash.ts';
import { DEFAULT_CRITIC } from './default-critic.ts';
import { TemplateError } from './render.ts';
import { loadTemplates } from './templates.node.ts';

const steps = Array.from({ length: 6 }, (_, index) => ({
  index,
  text: `Step ${index} adds ${index} pears to the ${index + 3} that were there.`,
}));
const sample: CriticContext = {
  problem: { prompt: 'A basket has pears. '.repeat(12), task: 'pears' },
  trace: { id: 't1', model: 'm', answer: '4', text: steps.map((s) => s.text).join('\n') },
  steps,
  examples: [],
};
const templates = await loadTemplates();
const render = (user: string) => templates.render({ system: '', user }, sample).at(-1)?.content;
const failing = (user: string): unknown => {
  try {
    return render(user);
  } catch (error) {
    return error;
  }
};

test('[J27] 10,000 prompts are rendered in seconds at most', () => {
  const start = performance.now();
  for (let i = 0; i < 10_000; i++) templates.render(DEFAULT_CRITIC, sample);
  const took = performance.now() - start;
  console.log(`10,000 prompts rendered in ${Math.round(took)} ms`);
  expect(took).toBeLessThan(10_000);
});

test('[J27] nothing is escaped; texts of the trace are never templates', () => {
  const context = { ...sample, problem: { prompt: '<b>{{ trace.id }} & "x"', task: '' } };
  const [message] = templates.render({ system: '', user: '{{ problem.prompt }}' }, context);
  expect(message?.content).toBe('<b>{{ trace.id }} & "x"');
});

test('[J27] the host cannot be reached', () => {
  expect(render('{{ trace.__proto__ }}{{ trace.constructor }}{{ steps.constructor }}')).toBe('');
  expect(failing('{% include "/etc/passwd" %}')).toBeInstanceOf(TemplateError);
});

test('[J27] a template without an end is stopped', () => {
  const error = failing('{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}');
  expect(error).toMatchObject({ part: 'user', message: expect.stringContaining('too long') });
});

test('[J28] equal bodies have one hash', () => {
  const turned = Object.fromEntries(Object.entries(DEFAULT_CRITIC).reverse()) as typeof DEFAULT_CRITIC;
  expect(criticHash(turned)).toBe(criticHash(DEFAULT_CRITIC));
  expect(criticHash({ ...DEFAULT_CRITIC, user: 'x' })).not.toBe(criticHash(DEFAULT_CRITIC));
});

test('[J29] tokens by family, special tokens as plain text', async () => {
  const counts = await countTokens('hello world');
  expect(counts.filter((c) => c.exact)).toEqual([
    { family: 'o200k', tokens: 2, exact: true },
    { family: 'cl100k', tokens: 2, exact: true },
  ]);
  expect((await countTokens('<|endoftext|>'))[0]?.tokens).toBeGreaterThan(1);
});
