import { fake, valuesFor } from './fake-trainer.fixture.ts';
import { startCommand } from './start-command.node.ts';

/** Starts a fake trainer in a folder, says so with the first metric, and waits to be killed: `BEHAVIOUR FOLDER STEPS MS`. */
const [behaviour = '', folder = '', steps = '', pace = ''] = process.argv.slice(2);
const running = await startCommand(
  fake(behaviour, pace),
  { ...valuesFor(folder), budget: Number(steps) },
  folder,
  {
    pollMs: 10,
    graceSeconds: 0.3,
    on: (event) => {
      if (event.type === 'metric' || (event.type === 'line' && /hanging/.test(event.text)))
        process.stdout.write('seen\n');
    },
  },
);
await running.outcome;
