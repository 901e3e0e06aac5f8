import { describe, expect, it } from 'vitest';
import { IllegalTransition, isOver, possibleActs, RunEvent, RunState, transition } from './run.ts';

const KINDS = ['import', 'verify', 'export'] as const;
/** Which event of the table each act is, in a state. */
const eventOf = (act: string, state: RunState): RunEvent =>
  act === 'resume' && state !== 'paused' ? 'retry' : (act as RunEvent);

describe('states of a run', () => {
  it('what is over only goes on by a retry', () => {
    for (const state of RunState.options.filter(isOver))
      for (const event of RunEvent.options)
        if (event === 'retry') expect(transition(state, event)).toBe('queued');
        else expect(() => transition(state, event), `${state} ${event}`).toThrow(IllegalTransition);
  });

  it('every act that is offered is a transition that there is', () => {
    for (const state of RunState.options)
      for (const kind of KINDS)
        for (const failed of [0, 2])
          for (const act of possibleActs({ kind, state, failed }))
            expect(
              () => transition(state, eventOf(act, state)),
              `${act} of a ${state} ${kind}`,
            ).not.toThrow();
  });

  it('only runs over items pause while they run, and only failed items are retried', () => {
    expect(possibleActs({ kind: 'verify', state: 'running', failed: 0 })).toEqual(['pause', 'cancel']);
    expect(possibleActs({ kind: 'import', state: 'running', failed: 3 })).toEqual(['cancel']);
    expect(possibleActs({ kind: 'verify', state: 'succeeded', failed: 0 })).toEqual([]);
    expect(possibleActs({ kind: 'verify', state: 'succeeded', failed: 1 })).toEqual(['retry']);
    expect(possibleActs({ kind: 'import', state: 'succeeded', failed: 1 })).toEqual([]);
  });
});
