import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openWorkspace } from '../workspace.ts';
import { dataOf, type Served, served } from './server.fixture.ts';

let s: Served;
let host: string;
beforeAll(async () => {
  s = await served();
  host = `127.0.0.1:${s.server.port}`;
  for (const folder of ['exports', 'rejects', 'uploads'])
    await mkdir(path.join(s.home, folder), { recursive: true });
  await writeFile(path.join(s.home, 'exports', 'run-1.jsonl'), '{"a":1}\n');
  await writeFile(path.join(s.home, 'uploads', 'private.jsonl'), 'private\n');
  await symlink(path.join(s.home, 'flywheel.duckdb'), path.join(s.home, 'exports', 'link.jsonl'));
});
afterAll(() => s.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const SQL = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ text: 'SELECT 1' }) };
/** Every kind of route, asked rightly. */
const ROUTES: [
  name: string,
  at: string,
  options: { method?: string; headers?: Record<string, string>; body?: string },
][] = [
  ['a page', '/', {}],
  ['a page of the app', '/samples?q=outcome%3Awrong', {}],
  ['an asset', '/assets/app.js', {}],
  ['a query', '/trpc/workspace.info', {}],
  ['a mutation', '/trpc/sql.query', SQL],
  ['a subscription', '/trpc/runs.events', { headers: { accept: 'text/event-stream' } }],
  [
    'an upload',
    '/upload?name=a.jsonl',
    { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: '{}\n' },
  ],
  ['a download', '/download/exports/run-1.jsonl', {}],
  ['nothing', '/trpc/no.such', {}],
];

/** The status and headers of an answer whose body may never end (a stream of events). */
const opening = (
  at: string,
  options: (typeof ROUTES)[number][2] & { headers?: Record<string, string | undefined> },
) =>
  new Promise<{ status: number; headers: Record<string, string> }>((resolve, reject) => {
    const { method = 'GET', body = '' } = options;
    const sent: Record<string, string | undefined> = {
      host,
      cookie: `flywheel_${s.server.port}=${s.token}`,
      'content-length': body ? String(Buffer.byteLength(body)) : undefined,
      connection: 'close',
      ...options.headers,
    };
    const lines = Object.entries(sent).flatMap(([k, v]) => (v === undefined ? [] : [`${k}: ${v}`]));
    const socket = net.connect(s.server.port, '127.0.0.1', () =>
      socket.write(`${method} ${at} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`),
    );
    let text = '';
    socket.setEncoding('utf8').on('error', reject);
    const look = (): void => {
      const [head] = text.split('\r\n\r\n', 1);
      if (!text.includes('\r\n\r\n') || head === undefined) return;
      socket.destroy();
      const [status = '', ...rest] = head.split('\r\n');
      const headers = rest.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]);
      resolve({ status: Number(status.split(' ')[1]), headers: Object.fromEntries(headers) });
    };
    socket.on('data', (chunk: string) => {
      text += chunk;
      look();
    });
    socket.on('close', () => (text === '' ? reject(new Error('The server said nothing.')) : look()));
  });

describe.each(ROUTES)('%s', (_name, at, options) => {
  const as = (headers: Record<string, string | undefined>) =>
    opening(at, { ...options, headers: { ...options.headers, ...headers } as Record<string, string> });

  it('answers our own page', async () => {
    const expected = at === '/trpc/no.such' ? 404 : 200;
    expect((await as({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).status).toBe(expected);
  });

  it('[R1] refuses a foreign Host', async () => {
    for (const foreign of [
      'evil.example',
      `evil.example:${s.server.port}`,
      '127.0.0.1',
      `127.0.0.1:${s.server.port}.evil.example`,
    ])
      expect((await as({ host: foreign })).status, foreign).toBe(403);
  });

  it('[R2] refuses a foreign Origin', async () => {
    for (const origin of ['http://evil.example', 'null', `https://${host}`, 'http://127.0.0.1:1'])
      expect((await as({ origin })).status, origin).toBe(403);
  });

  it('[R3] refuses what another site sends', async () => {
    for (const site of ['cross-site', 'same-site'])
      expect((await as({ 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).status, site).toBe(403);
    const framed = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'iframe',
    };
    expect((await as(framed)).status).toBe(403);
  });

  it('[R4] refuses who has no session', async () => {
    for (const cookie of [
      undefined,
      'flywheel=x',
      `flywheel_${s.server.port}=`,
      `flywheel_${s.server.port}=wrong`,
    ])
      expect((await as({ cookie })).status, String(cookie)).toBe(401);
    expect((await as({ cookie: undefined, authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await as({ cookie: undefined, authorization: `Bearer ${s.token}` })).status).not.toBe(401);
  });

  it('[R6] carries the same protection on every answer', async () => {
    for (const headers of [
      {},
      { cookie: undefined },
      { host: 'evil.example' },
      { origin: 'http://evil.example' },
    ]) {
      const answer = await as(headers);
      const policy = answer.headers['content-security-policy'];
      expect(policy, JSON.stringify(headers)).toContain("frame-ancestors 'none'");
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
      expect(answer.headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      });
    }
  });
});

describe('requests', () => {
  it('[R6] even what cannot be read is answered with the protection', async () => {
    for (const at of ['/%zz', '//', '/trpc/%', `/download/exports/${'a'.repeat(9_000)}`]) {
      const answer = await opening(at, {});
      expect([400, 403, 404], at.slice(0, 40)).toContain(answer.status);
      expect(answer.headers['content-security-policy'], at.slice(0, 40)).toContain("frame-ancestors 'none'");
    }
    for (const cookie of ['x'.repeat(40_000), 'a\u0000b']) {
      const broken = await opening('/', { headers: { cookie } });
      expect([400, 431]).toContain(broken.status);
      expect(broken.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });

  it('[R4] the token of the start-up link becomes a cookie that scripts and other sites never see', async () => {
    const first = await s.bare(`/samples?q=a%20b&token=${s.token}`);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/samples?q=a+b');
    const [cookie = ''] = first.headers['set-cookie'] ?? [];
    expect(cookie.split('; ').slice(1).sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict']);
    const [pair = ''] = cookie.split(';');
    expect((await s.bare('/trpc/workspace.info', { headers: { cookie: pair } })).status).toBe(200);
    const wrong = await s.bare('/?token=guess');
    expect(wrong.status).toBe(401);
    expect(wrong.headers['set-cookie']).toBeUndefined();
    for (const at of [`//evil.example/?token=${s.token}`, `/\\evil.example/?token=${s.token}`])
      expect((await s.bare(at)).headers.location ?? '/', at).toMatch(/^\/(?![/\\])/);
    expect((await s.bare(`/?token=${s.token}`, { headers: { host: 'evil.example' } })).status).toBe(403);
  });

  it('[R5] what a form can post is refused, and so are other methods', async () => {
    const types = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'];
    for (const type of types)
      for (const at of ['/trpc/sql.query', '/upload?name=a', '/', '/download/exports/run-1.jsonl'])
        expect(
          (await s.ask(at, { method: 'POST', headers: { 'content-type': type }, body: 'text=SELECT+1' }))
            .status,
          `${type} ${at}`,
        ).toBe(415);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect(
        (await s.ask('/trpc/sql.query', { method, headers: JSON_TYPE, body: '{}' })).status,
        method,
      ).toBe(405);
    // A mutation is never a GET: a link or an image could send that.
    const asGet = await s.ask(`/trpc/sql.query?input=${encodeURIComponent('{"text":"SELECT 1"}')}`);
    expect(asGet.status).toBe(405);
  });

  it('[R7] a download is a plain file of its folder, whatever the address looks like', async () => {
    expect((await s.ask('/download/exports/run-1.jsonl')).body).toBe('{"a":1}\n');
    for (const at of [
      '/download/exports/../flywheel.duckdb',
      '/download/exports/..%2fflywheel.duckdb',
      '/download/exports/%2e%2e%2fflywheel.duckdb',
      '/download/exports/%2e%2e/flywheel.duckdb',
      '/download/%2e%2e/flywheel.duckdb',
      '/download/exports/..%5cflywheel.duckdb',
      '/download/exports/%252e%252e%252fflywheel.duckdb',
      '/download/exports/%2fetc%2fpasswd',
      '/download/%2fetc/passwd',
      '/download/exports//etc/passwd',
      '/download/exports/run-1.jsonl%00.txt',
      '/download/exports/%00',
      '/download/exports/link.jsonl',
      '/download/uploads/private.jsonl',
      '/download/exports/',
      '/download/exports/.',
      '/assets/..%2f..%2fflywheel.duckdb',
      '/assets/%2e%2e/%2e%2e/flywheel.duckdb',
    ]) {
      const { status, body } = await s.ask(at);
      expect([400, 403, 404], `${at}: ${body.slice(0, 80)}`).toContain(status);
      expect(body, at).not.toMatch(/DUCK|root:|private/);
    }
  });

  it('[R10] a body over the limit is refused and nothing of it is kept; a cut upload leaves nothing', async () => {
    const big = JSON.stringify({ text: 'x'.repeat(33 * 1024 ** 2) });
    const refused = await s
      .ask('/trpc/sql.query', { method: 'POST', headers: JSON_TYPE, body: big })
      .catch(() => null);
    // The server may close the connection while we still send.
    if (refused) expect(refused.status).toBe(413);
    expect((await s.ask('/trpc/workspace.info')).status).toBe(200);
    const before = await readdir(path.join(s.home, 'uploads'));
    await new Promise<void>((resolve) => {
      const socket = net.connect(s.server.port, '127.0.0.1', () => {
        socket.write(
          `POST /upload?name=cut.jsonl HTTP/1.1\r\nhost: ${host}\r\ncookie: flywheel_${s.server.port}=${s.token}\r\ncontent-type: application/octet-stream\r\ncontent-length: 100000\r\n\r\nhalf`,
        );
        setTimeout(() => socket.destroy(), 100);
      });
      socket.on('close', () => resolve());
    });
    await vi.waitFor(async () => expect(await readdir(path.join(s.home, 'uploads'))).toEqual(before));
  });

  it('an upload is kept under a name of ours, whatever it was called', async () => {
    for (const name of ['../../evil.jsonl', '/etc/passwd', 'a.jsonl\u0000.sh', '__proto__']) {
      const answer = await s.ask(`/upload?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: '{}\n',
      });
      expect((JSON.parse(answer.body) as { upload: string }).upload, name).toMatch(
        /^[0-9a-f-]{36}(\.\w+){0,2}$/,
      );
    }
  });
});

describe('errors', () => {
  it('[R9] what the caller can mend says how, with its place', async () => {
    const query = await s.post('exports.start', { format: 'jsonl', query: 'outcome:rong' });
    expect(query.status).toBe(400);
    expect(query.body).toContain('`outcome` is one of right, wrong');
    expect((await s.post('judges.run', { verifier: 'nonsense', query: '' })).body).toContain('Verifiers: ');
    expect((await s.post('runs.cancel', { id: 99 })).status).toBe(404);
    expect((await s.post('runs.cancel', { id: 'one' })).body).toMatch(/id: /);
    const broken = await s.ask('/trpc/sql.query', { method: 'POST', headers: JSON_TYPE, body: '{"text":' });
    expect(broken.status).toBe(400);
    for (const { body } of [query, broken]) expect(body).not.toMatch(/stack|node_modules|\.ts:/);
  });

  it('[R9] a fault of ours tells no stack, path or statement; the terminal has them', async () => {
    const other = await served();
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    try {
      // Nothing mocked: the database is gone from under the server.
      await other.workspace.store.close();
      for (const answer of [
        await other.ask('/trpc/runs.list'),
        await other.ask('/trpc/imports.list'),
        await other.post('judges.run', { verifier: 'final-answer', query: '' }),
      ]) {
        expect(answer.status).toBe(500);
        expect(answer.body).toContain('the reason is in the terminal');
        expect(answer.body).not.toContain(other.home);
        expect(answer.body).not.toMatch(/stack|node_modules|\.ts:|SELECT|duckdb/i);
      }
      expect(logged).toHaveBeenCalled();
    } finally {
      logged.mockRestore();
      await other.server.close();
    }
  });

  it('[R9] neither does a run that failed', async () => {
    const other = await served();
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    try {
      await writeFile(path.join(other.home, 'exports'), 'a file where the folder should be');
      const { id } = dataOf<{ id: number }>(
        await other.post('exports.start', { format: 'jsonl', query: '' }),
      );
      const run = await vi.waitFor(async () => {
        const answer = await other.ask(`/trpc/runs.get?input=${encodeURIComponent(JSON.stringify({ id }))}`);
        const now = dataOf<{ state: string; error: string }>(answer);
        expect(now.state).toBe('failed');
        return now;
      });
      expect(run.error).toContain('the reason is in the terminal');
      expect(JSON.stringify(run)).not.toContain(other.home);
    } finally {
      logged.mockRestore();
      await other.close();
    }
  });
});

it('[R4] two servers of one machine do not take each other’s cookie', async () => {
  const other = await served();
  try {
    const cookie = `flywheel_${other.server.port}=${other.token}`;
    expect((await s.bare('/trpc/workspace.info', { headers: { cookie } })).status).toBe(401);
  } finally {
    await other.close();
  }
});

it('a backup made while serving opens as a workspace', async () => {
  const { folder } = dataOf<{ folder: string }>(await s.post('workspace.backup', undefined));
  const copy = await openWorkspace(folder);
  expect((await copy.store.runs.list()).length).toBe((await s.workspace.store.runs.list()).length);
  expect((await copy.store.maintenance.doctor()).checks.every((c) => c.ok)).toBe(true);
  await copy.close();
});
