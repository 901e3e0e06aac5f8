import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Finished, runCommand, startCommand } from '@flywheel/testkit/command';
import { temporaryHome } from '@flywheel/testkit/home';
import { jsonl, seededTraces } from '@flywheel/testkit/traces';

export interface Desk {
  home: string;
  /** Ends the server that holds the home, as a power cut would. */
  killServer: () => Promise<void>;
  /** A processbench file of seeded traces; every third has its first error labelled. `long`: their steps, that many times. */
  file: (n: number, name?: string, long?: number) => Promise<string>;
  run: (...args: string[]) => Promise<Finished>;
  start: (...args: string[]) => ReturnType<typeof startCommand>;
  close: () => Promise<void>;
}

/** A home, alone or held by a server, and the command over it. */
export const desk = async (mode: 'alone' | 'served'): Promise<Desk> => {
  const { home, remove } = await temporaryHome('cli');
  const server =
    mode === 'served'
      ? startCommand(['serve', '--home', home, '--port', '0', '--no-open', '--no-demo'])
      : null;
  await server?.says(/http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  return {
    home,
    killServer: async () => {
      server?.child.kill('SIGKILL');
      await server?.finished;
    },
    file: async (n, name = `traces-${n}.jsonl`, long = 1) => {
      const file = path.join(home, name);
      const records = seededTraces(n).map((t, i) => ({
        id: t.id,
        problem: t.prompt,
        steps: Array.from({ length: long }, () => t.steps).flat(),
        generator: t.model,
        final_answer_correct: t.given === 'right',
        label: i % 3 === 0 ? 0 : -1,
      }));
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, jsonl(records));
      return file;
    },
    run: (...args) => runCommand([...args, '--home', home]),
    start: (...args) => startCommand([...args, '--home', home]),
    close: async () => {
      server?.child.kill('SIGTERM');
      await server?.finished;
      await remove();
    },
  };
};
