import type { CriticContext } from '@flywheel/judges/critic/context';
import { loadTemplates } from '@flywheel/judges/critic/templates.node';
import { expect, it } from 'vitest';
import { markedPrompt } from './marked-prompt.ts';

const sample: CriticContext = {
  problem: { prompt: '  Two and two?\n', task: 'sums' },
  trace: { id: '1', model: 'm', answer: '4', text: '[S0] 2 + 2\n[S1] 4' },
  steps: [
    { index: 0, text: '2 + 2' },
    { index: 1, text: '4' },
  ],
  reference: { answer: '4' },
  examples: [],
};
const templates = await loadTemplates();
const mark = (user: string) => {
  const body = { system: '', user };
  const messages = templates.render(body, sample);
  const pieces = markedPrompt(templates, body, sample, messages)[0] ?? [];
  expect(pieces.map((p) => p.text).join('')).toBe(messages[0]?.content);
  return pieces.flatMap((p) => (p.value ? [p.text] : []));
};

it('[W20] values stand apart from the words of the template, through filters that keep them whole', () => {
  expect(
    mark('Is {{ problem.prompt | trim }} {% for s in steps %}[S{{ s.index }}] {{ s.text }} {% endfor %}'),
  ).toEqual(['Two and two?', '2 + 2', '4']);
});

it('[W20] where marks would change what is sent, there are none', () => {
  expect(mark('{{ problem.prompt | length }} {{ trace.answer }}')).toEqual([]);
  expect(mark('{% if trace.answer == "4" %}four{% else %}other{% endif %}')).toEqual([]);
  expect(mark('{{ problem.prompt | truncate(length=5) }}')).toEqual([]);
});

it('[W20] a comparison of two values is cut as it is, or not at all', () => {
  mark('{% if trace.answer == reference.answer %}right: {{ trace.answer }}{% endif %}');
  mark('{{ steps | tojson }}');
  mark('{{ problem.prompt | upper }} and {{ trace.text | replace("2", "3") }}');
});
