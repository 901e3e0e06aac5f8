import path from 'node:path';
import { start } from '@flywheel/server/main';
import open from 'open';

const hasDisplay = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

/** `flywheel serve`: prints one URL with its token, opens the browser when there is one, stops on SIGINT and SIGTERM. */
export const serveCommand = async (o: {
  home: string;
  port: string;
  open: boolean;
  demo: boolean;
}): Promise<void> => {
  const token = process.env.FLYWHEEL_DEV_TOKEN;
  const server = await start({
    home: path.resolve(o.home),
    port: Number(o.port),
    demo: o.demo,
    ...(token ? { token } : {}),
  });
  process.stdout.write(`${server.url}\n`);
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(130);
    stopping = true;
    void server.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (o.open && hasDisplay()) await open(server.url).catch(() => undefined);
};
