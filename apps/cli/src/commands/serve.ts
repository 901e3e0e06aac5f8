import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { onInterrupt } from '../interrupt.ts';
import { defaultHome, InputError } from '../perform.ts';

const PORT = 4317;

interface ServeOptions {
  home: string;
  port?: number;
  open: boolean;
  demo: boolean;
}

const port = (text: string): number => {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0 || n > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535; 0 takes any free one.');
  return n;
};

const hasDisplay = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

/** Prints one URL with its token, opens the browser when there is one, stops on SIGINT and SIGTERM. */
const serve = async (o: ServeOptions): Promise<void> => {
  const { start } = await import('@flywheel/server/main');
  const token = process.env.FLYWHEEL_DEV_TOKEN;
  const at = (chosen: number) =>
    start({ home: path.resolve(o.home), port: chosen, demo: o.demo, ...(token ? { token } : {}) });
  const server = await at(o.port ?? PORT).catch((error: unknown) => {
    if (!isTaken(error)) throw error;
    if (o.port !== undefined)
      throw new InputError(`Port ${o.port} is taken. Give another one, or --port 0 for any that is free.`);
    process.stderr.write(`flywheel: port ${PORT} is taken; any free one is used instead.\n`);
    return at(0);
  });
  onInterrupt(() => {
    void server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.stdout.write(`${server.url}\n`);
  if (!o.open || !hasDisplay()) return;
  const { default: open } = await import('open');
  await open(server.url).catch(() => undefined);
};

export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('serve the workspace on this machine and print one URL')
    .option('--home <dir>', 'workspace folder (or FLYWHEEL_HOME)', defaultHome())
    .option(
      '--port <n>',
      `port; 0 takes any free one (default: ${PORT}, or a free one when that is taken)`,
      port,
    )
    .option('--no-open', 'do not open the browser')
    .option('--no-demo', 'leave an empty workspace empty')
    .addHelpText('after', '\nOnly this machine can reach it, and only with the token in the URL.')
    .action(serve);
};
