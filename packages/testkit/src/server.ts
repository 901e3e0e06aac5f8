import { startCommand } from './command.ts';
import { temporaryHome } from './home.ts';

export interface TestServer {
  /** With the token: opens a session. */
  url: string;
  origin: string;
  port: number;
  token: string;
  home: string;
  /** Runs the `flywheel` command against the served workspace; resolves with its standard output, throws when it fails. */
  cli: (...args: string[]) => Promise<string>;
  /** Stops it as Ctrl-C does, and takes its home away. */
  stop: () => Promise<void>;
}

/** The real server over a fresh home, as `npm start` runs it, on a port of its own. */
export const startServer = async (args: readonly string[] = []): Promise<TestServer> => {
  const { home, remove } = await temporaryHome('served');
  const command = startCommand(['serve', '--home', home, '--port', '0', '--no-open', ...args]);
  const [url] = await command.says(/http:\/\/127\.0\.0\.1:\d+\/\?\S+/);
  const { origin, port, searchParams } = new URL(url);
  return {
    url,
    origin,
    port: Number(port),
    token: searchParams.get('token') ?? '',
    home,
    cli: async (...rest) => {
      const { code, stdout, stderr } = await startCommand([...rest, '--home', home]).finished;
      if (code !== 0) throw new Error(`flywheel ${rest.join(' ')} ended with ${code}:\n${stderr}`);
      return stdout;
    },
    stop: async () => {
      command.child.kill('SIGTERM');
      await command.finished;
      await remove();
    },
  };
};
