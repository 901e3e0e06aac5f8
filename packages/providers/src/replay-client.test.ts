import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheKey } from './cache-key.ts';
import type { ProviderClient } from './client.ts';
import { openClient } from './open-client.ts';
import { question, rejection, settings } from './provider.fixture.ts';
import { REPLAY_URL, recordingOf } from './recording.ts';

const NEVER = new AbortController().signal;

let client: ProviderClient;

describe('replay', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'flywheel-replay-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const open = (recording: string): void => {
    client = openClient(settings('', { kind: 'replay', baseUrl: null, recording }), null, {
      recordings: home,
    });
  };

  it('[P8] answers by key, else by text; what was not recorded is said to be so', async () => {
    const lines = [
      { key: cacheKey(REPLAY_URL, question('first'), 0), text: 'by key', input: 5, output: 2 },
      { contains: 'geese', text: 'by text' },
    ];
    writeFileSync(join(home, 'demo.jsonl'), lines.map((l) => JSON.stringify(l)).join('\n'));
    open('demo.jsonl');
    expect(await client.complete(question('first'), { signal: NEVER })).toMatchObject({
      text: 'by key',
      usage: { input: 5, output: 2, estimated: false },
    });
    const told: string[] = [];
    await client.complete(question('some geese'), { signal: NEVER, onText: (d) => told.push(d) });
    expect(told).toEqual(['by text']);
    expect(await rejection(client.complete(question('ducks'), { signal: NEVER }))).toMatchObject({
      failure: 'refused-request',
      retryable: false,
    });
  });

  it('[P8] what was recorded answers as it did', async () => {
    const answers = ['seven', 'a "quoted"\nline'].map((text) => ({
      request: question(text),
      answer: {
        text,
        finish: 'stop',
        usage: { input: 4, output: 3, estimated: false },
        modelMs: 12,
      } as const,
    }));
    writeFileSync(join(home, 'made.jsonl'), recordingOf(answers));
    open('made.jsonl');
    for (const { request, answer } of answers)
      expect(await client.complete(request, { signal: NEVER })).toEqual(answer);
    expect(await client.models(NEVER)).toEqual(['recorded']);
  });

  it('[P8] names a line that is no answer, a file that is not there, and refuses to leave its folder', async () => {
    writeFileSync(join(home, 'bad.jsonl'), '{"text":"x"}\n{"txt":1}\n');
    open('bad.jsonl');
    const failure = await rejection(client.complete(question(), { signal: NEVER }));
    expect(failure).toMatchObject({ message: expect.stringContaining('Line 2') });
    open('none.jsonl');
    expect(await rejection(client.complete(question(), { signal: NEVER }))).toMatchObject({
      message: expect.stringContaining('no recording none.jsonl'),
    });
    open('../../../../etc/passwd');
    expect(await rejection(client.complete(question(), { signal: NEVER }))).toMatchObject({
      message: expect.stringContaining('outside'),
    });
  });
});
