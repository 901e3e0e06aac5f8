import { ProviderSettings } from '@flywheel/domain/provider';
import { expect, it } from 'vitest';
import { fieldErrors, reason, stillRefused } from './field-errors.ts';

it('a refusal is shown at the field that it is about, and what is about none at the form', () => {
  expect(fieldErrors('baseUrl: 10.1.2.3 is a private address. Allow it: tick the box.')).toEqual({
    baseUrl: '10.1.2.3 is a private address. Allow it: tick the box.',
  });
  expect(
    fieldErrors(
      'settings.limits.concurrency: Too big\nsettings.prices.m.input: Too small\nkey: Paste it again.',
    ),
  ).toEqual({ 'limits.concurrency': 'Too big', prices: 'Too small', key: 'Paste it again.' });
  expect(fieldErrors('The disk is full. Note: free some.')).toEqual({
    form: 'The disk is full. Note: free some.',
  });
});

it('a server that is away is said in words', () => {
  expect(reason(new TypeError('Failed to fetch'))).toContain('does not answer');
  expect(reason(new Error('other'))).toBe('other');
});

it('a refusal stays until what it is about is changed', () => {
  const settings = ProviderSettings.parse({ id: 'a', kind: 'openai', baseUrl: 'http://10.0.0.1' });
  const sent = { settings, key: 'x y' };
  const refused = { baseUrl: 'private', key: 'blank', form: 'full' };
  expect(stillRefused(refused, sent, sent)).toEqual(refused);
  const limits = { ...settings.limits, attempts: 2 };
  expect(stillRefused(refused, sent, { ...sent, settings: { ...settings, limits } })).toEqual({
    baseUrl: 'private',
    key: 'blank',
  });
  expect(
    stillRefused(refused, sent, { settings: { ...settings, allowPrivate: true }, key: undefined }),
  ).toEqual({});
});
