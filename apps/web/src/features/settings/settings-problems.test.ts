import { ProviderSettings } from '@flywheel/domain/provider';
import { expect, it } from 'vitest';
import { settingsProblems } from './settings-problems.ts';

const sound = ProviderSettings.parse({ id: 'local', kind: 'openai', baseUrl: 'http://127.0.0.1:8000/v1' });

it('what is wrong is said at its field, in words that say what is right', () => {
  expect(settingsProblems(sound, ['other'])).toEqual({});
  expect(settingsProblems(sound, ['local'])).toEqual({ id: 'Another provider has this name.' });
  const limits = { ...sound.limits, concurrency: null as unknown as number, tokensPerMinute: 0 };
  expect(settingsProblems({ ...sound, baseUrl: 'ftp://x', limits }, [])).toEqual({
    baseUrl: expect.stringContaining('whole address'),
    'limits.concurrency': 'A whole number from 1 to 2048.',
    'limits.tokensPerMinute': expect.stringContaining('or nothing'),
  });
  expect(settingsProblems({ ...sound, kind: 'replay', baseUrl: null }, [])).toHaveProperty('recording');
});
