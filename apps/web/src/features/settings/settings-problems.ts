import { isRemote, ProviderSettings } from '@flywheel/domain/provider';
import type { FieldErrors } from './field-errors.ts';

/**
 * What is wrong with settings that were not sent yet, by field.
 *
 * @param taken names of other providers
 */
export const settingsProblems = (settings: ProviderSettings, taken: readonly string[]): FieldErrors => {
  const problems: Record<string, string> = {};
  const read = ProviderSettings.safeParse(settings);
  for (const issue of read.error?.issues ?? []) {
    const path = issue.path.join('.');
    const field = path.startsWith('prices') ? 'prices' : path;
    problems[field] ??= WORDS[field] ?? issue.message;
  }
  if (taken.includes(settings.id)) problems.id = 'Another provider has this name.';
  if (isRemote(settings.kind) && settings.baseUrl === null) problems.baseUrl = WORDS.baseUrl as string;
  if (settings.kind === 'replay' && settings.recording === null)
    problems.recording = 'Name a file in the folder recordings/ of the workspace.';
  return problems;
};

const WORDS: FieldErrors = {
  id: 'Small letters, digits and hyphens, e.g. local-vllm.',
  baseUrl: 'Enter a whole address, e.g. http://127.0.0.1:8000/v1.',
  'limits.concurrency': 'A whole number from 1 to 2048.',
  'limits.requestsPerMinute': 'A whole number, 1 or more, or nothing.',
  'limits.tokensPerMinute': 'A whole number, 1 or more, or nothing.',
  'limits.timeoutSeconds': 'Seconds from 1 to 3600.',
  'limits.attempts': 'A whole number from 1 to 20.',
};
