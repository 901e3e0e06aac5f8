import { isRemote } from '@flywheel/domain/provider';
import { expect, it } from 'vitest';
import { freeName, PRESETS } from './presets.ts';

it('every preset is a provider that could be saved, each under a name of its own', () => {
  expect(PRESETS.every((p) => !isRemote(p.settings.kind) || p.settings.baseUrl !== null)).toBe(true);
  expect(new Set(PRESETS.map((p) => p.settings.id)).size).toBe(PRESETS.length);
});

it('a taken name gets a number', () => {
  expect(freeName('ollama', [])).toBe('ollama');
  expect(freeName('ollama', ['ollama', 'ollama-2'])).toBe('ollama-3');
});
