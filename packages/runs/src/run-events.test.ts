import type { RunSummary } from '@flywheel/domain/run';
import { expect, it } from 'vitest';
import { RunEvents } from './run-events.ts';

const run = (id: number, state: RunSummary['state']): RunSummary => ({
  id,
  kind: 'verify',
  title: '',
  state,
  subject: '',
  fingerprint: '',
  total: null,
  done: 0,
  failed: 0,
  skipped: 0,
  progress: null,
  error: null,
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  result: {},
  spend: null,
  flight: null,
  tuning: null,
});

const take = async (events: RunEvents, lastId: string | null, n: number) => {
  const stop = new AbortController();
  const got = [];
  for await (const e of events.since(lastId, stop.signal)) {
    got.push(e);
    if (got.length === n) stop.abort();
  }
  return got;
};

it('[R4] replays what changed since the last id, and everything after a restart', async () => {
  const events = new RunEvents('boot');
  events.publish(run(1, 'running'));
  events.publish(run(2, 'running'));
  events.publish(run(1, 'succeeded'));
  const [first, second] = await take(events, null, 2);
  expect([first?.run.id, second?.run.id, second?.run.state]).toEqual([2, 1, 'succeeded']);
  expect((await take(events, first?.id ?? '', 1))[0]?.run.state).toBe('succeeded');
  expect(await take(events, 'earlier-99', 2)).toHaveLength(2);
  const next = take(events, second?.id ?? '', 1);
  events.publish(run(3, 'queued'));
  expect((await next)[0]?.run.id).toBe(3);
});
