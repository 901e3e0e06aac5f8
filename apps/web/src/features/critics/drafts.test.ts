import { CriticBody } from '@flywheel/domain/critic';
import { beforeEach, expect, it, vi } from 'vitest';

// The store keeps drafts in the browser's storage, which Node has not.
vi.hoisted(() => {
  const kept = new Map<string, string>();
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  vi.stubGlobal('window', { localStorage });
});

import { useToasts } from '../../app/toasts.ts';
import { type Draft, draftOf, dropDraft, keepDraft, readableDrafts, sameBody, useDrafts } from './drafts.ts';

const body = (user: string): CriticBody =>
  CriticBody.parse({ system: 's', user, schema: { type: 'object' }, params: {}, examples: {} });
const draft = (user: string, more: Partial<Draft> = {}): Draft => ({
  body: body(user),
  parent: 1,
  title: '',
  schemaText: null,
  ...more,
});

beforeEach(() => useDrafts.setState({ drafts: {} }));

it('[W1] what says what the newest version says is no draft', () => {
  keepDraft('c', draft('b'), body('a'));
  expect(draftOf('c')?.body.user).toBe('b');
  keepDraft('c', draft('a'), body('a'));
  expect(draftOf('c')).toBeUndefined();
});

it('[W1] a name, or a schema that cannot be read, makes it one', () => {
  keepDraft('c', draft('a', { title: 'cite steps' }), body('a'));
  expect(draftOf('c')?.title).toBe('cite steps');
  keepDraft('c', draft('a', { schemaText: '{' }), body('a'));
  expect(draftOf('c')?.schemaText).toBe('{');
});

it('[W1] what says what an older version says is one: the newest would stand in its place', () => {
  keepDraft('c', draft('old', { parent: 1 }), body('newest'));
  expect(draftOf('c')).toMatchObject({ parent: 1 });
});

it('a draft is kept per critic, in the storage, and dropped alone', () => {
  keepDraft('c', draft('b'), body('a'));
  keepDraft('d', draft('e'), body('a'));
  expect(window.localStorage.getItem('flywheel-critic-drafts')).toContain('"user":"e"');
  dropDraft('c');
  expect([draftOf('c'), draftOf('d')?.body.user]).toEqual([undefined, 'e']);
});

it('[W4] a browser without room costs no keystroke', () => {
  const { setItem } = window.localStorage;
  window.localStorage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  keepDraft('c', draft('b'), body('a'));
  window.localStorage.setItem = setItem;
  expect(draftOf('c')?.body.user).toBe('b');
  expect(useToasts.getState().shown?.text).toContain('no room to keep this draft');
});

it('[W2] drafts of an older page are read, unreadable ones are left out', () => {
  const kept = {
    old: { body: body('x'), parent: 3 },
    broken: { body: { system: 1 }, parent: 1 },
    hot: { body: { ...body('y'), params: { temperature: 9 } }, parent: 1 },
    nothing: null,
  };
  expect(readableDrafts(kept)).toEqual({ old: draft('x', { parent: 3 }) });
  expect(readableDrafts(undefined)).toEqual({});
});

it('a parameter that was set and cleared leaves no trace; the order of fields says nothing', () => {
  const plain = body('a');
  const set = { ...plain, params: { maxTokens: plain.params.maxTokens, temperature: undefined } };
  expect(sameBody(plain, set as CriticBody)).toBe(true);
  const { maxTokens } = plain.params;
  const [a, b] = [
    { ...plain, params: { seed: 1, maxTokens } },
    { ...plain, params: { maxTokens, seed: 1 } },
  ];
  expect(sameBody(a, b)).toBe(true);
  expect(sameBody(a, plain)).toBe(false);
});
