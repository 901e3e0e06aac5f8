import { temporaryHome } from '@flywheel/testkit/home';
import { afterEach, expect } from 'vitest';
import type { CommandTrainerInput } from './command-trainer.ts';
import { valuesFor } from './fake-trainer.fixture.ts';
import type { CommandOutcome } from './outcome.ts';
import type { CommandValues } from './placeholders.ts';
import { remaining } from './processes.node.ts';
import { readProcesses, readStart } from './run-folder.node.ts';
import { type RunningCommand, startCommand } from './start-command.node.ts';
import type { CommandEvent } from './watch-command.node.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const act of cleanUp.splice(0).reverse()) await act();
});

export const newFolder = async (): Promise<string> => {
  const { home, remove } = await temporaryHome('command');
  cleanUp.push(remove);
  return home;
};

export interface Started {
  folder: string;
  events: CommandEvent[];
  running: RunningCommand;
  lines: () => string[];
  /** Resolves once a line matches. */
  says: (pattern: RegExp) => Promise<string>;
  ended: () => Promise<CommandOutcome>;
}

/** Gathers what a command says. */
export const gather = (): Pick<Started, 'events' | 'lines' | 'says'> & { on: (e: CommandEvent) => void } => {
  const events: CommandEvent[] = [];
  let look = (): void => {};
  const lines = () => events.flatMap((e) => (e.type === 'line' ? [e.text] : []));
  return {
    events,
    lines,
    on: (event) => {
      events.push(event);
      look();
    },
    says: (pattern) =>
      new Promise((resolve) => {
        look = () => {
          const found = lines().find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        look();
      }),
  };
};

export const begin = async (
  trainer: CommandTrainerInput,
  values: Partial<CommandValues> = {},
  graceSeconds = 5,
): Promise<Started> => {
  const folder = await newFolder();
  const gathered = gather();
  const running = await startCommand(trainer, { ...valuesFor(folder), ...values }, folder, {
    on: gathered.on,
    pollMs: 20,
    graceSeconds,
  });
  const ended = async (): Promise<CommandOutcome> => {
    const outcome = await running.outcome;
    if (!outcome) throw new Error('nobody watched it to the end');
    return outcome;
  };
  // A failed test leaves no process either.
  cleanUp.push(async () => {
    await running.stop();
    await running.outcome;
  });
  return { folder, running, ended, ...gathered };
};

/** Nothing that the command started runs any more. */
export const expectNothingLeft = (folder: string): void => {
  const command = readProcesses(folder)?.command;
  expect(command).toBeTruthy();
  expect(remaining(command?.pid ?? 0, readStart(folder)?.mark ?? '')).toEqual([]);
};
