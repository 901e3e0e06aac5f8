import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the stub misbehaves: each is used up by the requests that meet it. */
export interface HubFaults {
  /** Cuts so many answers of each file after half of their bytes. */
  cuts?: number;
  /** Answers so many requests with 429 and this many seconds of Retry-After. */
  busy?: { times: number; seconds: number };
  /** Sends this file with a byte changed. */
  wrong?: string;
  /** Ignores Range. */
  noRanges?: boolean;
  /** Milliseconds between pieces of a file. */
  slowMs?: number;
}

export interface StubHub {
  url: string;
  faults: HubFaults;
  /** Paths that were asked for, with their Range. */
  asked: string[];
  close: () => Promise<void>;
}

const PIECE = 4_096;
const COMMIT = 'c0ffee'.padEnd(40, '0');

/** A Hub with one repository, `owner/tiny`, at any revision: the files that it is given. Files above 10 kB are said to be large ones. */
export const startStubHub = async (files: ReadonlyMap<string, Uint8Array>): Promise<StubHub> => {
  const hub: StubHub = { url: '', faults: {}, asked: [], close: async () => undefined };
  const server = createServer((request, response) => {
    void answer(hub, files, request.url ?? '/', request.headers.range, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  hub.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return hub;
};

const answer = async (
  hub: StubHub,
  files: ReadonlyMap<string, Uint8Array>,
  address: string,
  range: string | undefined,
  response: ServerResponse,
): Promise<void> => {
  const { pathname } = new URL(address, 'http://hub');
  hub.asked.push(range ? `${pathname} ${range}` : pathname);
  const { faults } = hub;
  if (faults.busy && faults.busy.times-- > 0) {
    response.writeHead(429, { 'retry-after': String(faults.busy.seconds) }).end();
    return;
  }
  if (pathname.startsWith('/api/models/owner/tiny/revision/')) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ sha: COMMIT, cardData: { license: 'mit' }, siblings: siblingsOf(files) }));
    return;
  }
  // As the Hub does, what is asked for lies elsewhere.
  const resolve = `/owner/tiny/resolve/${COMMIT}/`;
  if (pathname.startsWith(resolve)) {
    response.writeHead(302, { location: `/cdn/${pathname.slice(resolve.length)}` }).end();
    return;
  }
  const path = decodeURIComponent(pathname.replace('/cdn/', ''));
  const bytes = files.get(path);
  if (!bytes || !pathname.startsWith('/cdn/')) {
    response.writeHead(404).end();
    return;
  }
  await send(hub, path, bytes, range, response);
};

const send = async (
  { faults }: StubHub,
  path: string,
  whole: Uint8Array,
  range: string | undefined,
  response: ServerResponse,
): Promise<void> => {
  const from = faults.noRanges ? 0 : Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
  const bytes = Uint8Array.from(whole);
  if (faults.wrong === path) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  const cut = (faults.cuts ?? 0) > 0 && bytes.length - from > PIECE;
  if (cut) faults.cuts = (faults.cuts ?? 0) - 1;
  const end = cut ? from + Math.floor((bytes.length - from) / 2) : bytes.length;
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': bytes.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  });
  for (let at = from; at < end; at += PIECE) {
    response.write(bytes.subarray(at, Math.min(end, at + PIECE)));
    if (faults.slowMs) await new Promise((r) => setTimeout(r, faults.slowMs));
  }
  // What was written goes out before the line is cut.
  if (cut) setTimeout(() => response.destroy(), 50);
  else response.end();
};

const LARGE = 10_000;

const siblingsOf = (files: ReadonlyMap<string, Uint8Array>) =>
  [...files].map(([rfilename, bytes]) => ({
    rfilename,
    size: bytes.length,
    blobId: createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'),
    ...(bytes.length > LARGE && {
      lfs: { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    }),
  }));
