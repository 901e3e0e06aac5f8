import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A trainer for tests, started as `node fake-trainer.child.ts BEHAVIOUR OUT [STEPS] [MORE...]`. */
const [behaviour = '', out = '', steps = '3', ...more] = process.argv.slice(2);

const state = (history: { step: number }[], folder: string): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, '.state'),
    JSON.stringify({ global_step: history.at(-1)?.step, max_steps: Number(steps), log_history: history }),
  );
  renameSync(join(folder, '.state'), join(folder, 'trainer_state.json'));
};

const model = (): void => {
  const header = Buffer.from(JSON.stringify({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(join(out, 'model.safetensors'), Buffer.concat([length, header, Buffer.alloc(8)]));
  writeFileSync(join(out, 'config.json'), '{"model_type":"llama"}');
};

const say = (text: string): void => {
  process.stdout.write(text);
};

const hang = (): Promise<never> => new Promise(() => setInterval(() => {}, 60_000));

const behaviours: Record<string, () => Promise<void>> = {
  /** Logs, a progress bar, a state file, a model. `more[0]`: milliseconds a step. */
  good: async () => {
    const history: ({ step: number } & Record<string, number>)[] = [];
    for (let step = 1; step <= Number(steps); step++) {
      await wait(Number(more[0] ?? 5));
      const loss = 2 / step;
      process.stderr.write(`\r ${step}/${steps} [00:01<00:02]`);
      say(`\nstep=${step} loss=${loss} lr=1e-4\n`);
      history.push({ step, loss, learning_rate: 1e-4, epoch: step / 10 });
      if (step === Number(steps)) history.push({ step, eval_loss: 0.5 });
      state(history, join(out, `checkpoint-${step}`));
    }
    model();
  },
  json: async () => {
    say('{"train": {"step": 1, "loss": 1.5, "seen": "1,024"}}\n{"train": {"step": 2, "loss": NaN}}\n');
    say('{"train": {"step": 3, "loss": 1.\n{"__proto__": {"loss": 9}}\n[1]\n');
    model();
  },
  fail: async () => {
    say('loading\n');
    process.stderr.write("ModuleNotFoundError: No module named 'trl'\n");
    process.exitCode = 3;
  },
  hang: async () => {
    process.on('SIGTERM', () => say('no\n'));
    say('hanging\n');
    await hang();
  },
  /** Ends on SIGTERM as trainers do, with a checkpoint. */
  polite: async () => {
    process.on('SIGTERM', () => {
      writeFileSync(join(out, 'saved'), 'yes');
      process.exit(0);
    });
    say('working\n');
    await hang();
  },
  garbage: async () => {
    writeFileSync(join(out, 'trainer_state.json'), '{"log_history": [{"step": 1, "lo');
    process.stdout.write(Buffer.from([0xff, 0xfe, 0x00, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x41, 0x0a]));
    const mega = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 50; i++) appendFileSync(1, mega);
    appendFileSync(1, '\nstep=1 loss=nan lr=1e-4\nstep=2 loss=-inf lr=oops\nstep=9 loss=0.25 lr=1e-5');
    model();
  },
  /** Two children stay: one in its group, one in a session of its own; both ignore SIGTERM. */
  fork: async () => {
    const code = "process.on('SIGTERM', () => {}); setInterval(() => {}, 60_000); console.log('up')";
    for (const detached of [false, true]) {
      const child = spawn(process.execPath, ['-e', code], {
        detached,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      say(`child ${child.pid}\n`);
    }
    model();
    if (more[0] === 'stay') await hang();
    process.exit(0);
  },
  empty: async () => {
    writeFileSync(join(out, 'config.json'), '{"half":');
    writeFileSync(join(out, 'model.safetensors'), Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 123]));
  },
  /** Writes what it was given. */
  echo: async () => {
    const names = Object.keys(process.env).filter((name) => /FLYWHEEL|SECRET|TOKEN|PLAIN/.test(name));
    const env = Object.fromEntries(names.map((name) => [name, process.env[name]]));
    writeFileSync(join(out, 'echo.json'), JSON.stringify({ more, env, cwd: process.cwd() }));
    say(`token is ${process.env.FAKE_TOKEN}\n`);
    model();
  },
};
await behaviours[behaviour]?.();
