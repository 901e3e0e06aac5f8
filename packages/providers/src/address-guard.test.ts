import type { lookup } from 'node:dns';
import { startStubLlm } from '@flywheel/testkit/llm/stub-llm';
import type { StubLlm } from '@flywheel/testkit/llm/stub-options';
import { afterEach, expect, it } from 'vitest';
import { checkUrl, reachOf } from './address-guard.ts';
import type { ChatFailure } from './chat-failure.ts';
import { Http } from './http.ts';
import { rejection } from './provider.fixture.ts';
import { failureOf } from './sdk-failure.ts';

let stub: StubLlm | undefined;
let http: Http | undefined;
afterEach(async () => {
  await http?.close();
  await stub?.close();
});

/** A name server that gives these addresses in turn, and the last one for ever. */
const nameServer = (...turns: string[][]): typeof lookup & { asked: number } => {
  const resolve = (_: string, __: object, callback: (error: null, found: object[]) => void): void => {
    const found = turns[Math.min(server.asked++, turns.length - 1)] ?? [];
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  const server = Object.assign(resolve, { asked: 0 }) as unknown as typeof lookup & { asked: number };
  return server;
};

const open = async (resolve: typeof lookup, allowPrivate = false): Promise<string> => {
  stub = await startStubLlm();
  http = new Http({ allowPrivate, timeoutMs: 5_000, resolve });
  return stub.url.replace('127.0.0.1', 'models.example') + '/models';
};

it('[P6] tells loopback, public and private addresses, and those that are never reached', () => {
  const reaches = {
    loopback: ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'],
    public: ['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'],
    private: [
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.1.1',
      'fe80::1',
      'fc00::1',
      '::ffff:10.0.0.1',
    ],
    never: [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '169.254.170.2',
      '100.100.100.200',
      'fd00:ec2::254',
      '0.0.0.0',
      '::',
      '224.0.0.1',
      '255.255.255.255',
      '64:ff9b::a9fe:a9fe',
      '2002:7f00:1::',
      '240.0.0.1',
      'not an address',
    ],
  };
  for (const [reach, addresses] of Object.entries(reaches))
    for (const address of addresses) expect(reachOf(address), address).toBe(reach);
});

it('[P6] when settings are saved, a literal address is checked in whatever way it is written', () => {
  const refused = (url: string, allowPrivate = false): boolean => {
    try {
      checkUrl(url, allowPrivate);
      return false;
    } catch (error) {
      expect(error).toMatchObject({ failure: 'blocked-address', retryable: false, inSetUp: true });
      expect((error as ChatFailure).remedy).not.toBe('');
      return true;
    }
  };
  for (const url of [
    'http://127.0.0.1:8000/v1',
    'http://[::1]:8000/v1',
    'http://2130706433/',
    'https://api.openai.com/v1',
    'http://localhost:11434/v1',
  ])
    expect(refused(url), url).toBe(false);
  // 0xa000001, 167772161 and 012.1 are 10.0.0.1 to a URL.
  for (const url of [
    'http://10.0.0.1/v1',
    'http://0xa000001/v1',
    'http://167772161/v1',
    'http://012.1/v1',
    'http://[::ffff:10.0.0.1]/v1',
    'http://[fc00::1]/v1',
  ]) {
    expect(refused(url), url).toBe(true);
    expect(refused(url, true), url).toBe(false);
  }
  for (const url of [
    'http://169.254.169.254/latest',
    'http://0/v1',
    'file:///etc/passwd',
    'http://user:pass@127.0.0.1/',
    'nonsense',
  ])
    expect(refused(url, true), url).toBe(true);
});

it('[P6] a name is checked when it is resolved, all of its addresses, and asked for once a connection', async () => {
  const names = nameServer(['127.0.0.1']);
  const url = await open(names);
  expect((await http?.fetch(url))?.status).toBe(200);
  expect(names.asked).toBe(1);
});

it.each([
  ['a private address', ['10.0.0.1']],
  ['a good and a bad one', ['127.0.0.1', '169.254.169.254']],
  ['a mapped one', ['::ffff:192.168.0.1']],
])('[P6] a name that resolves to %s is refused', async (_, addresses) => {
  const url = await open(nameServer(addresses));
  const failure = failureOf(await rejection((http as Http).fetch(url)), url, 'm');
  expect(failure).toMatchObject({ failure: 'blocked-address' });
  expect(failure.message).toContain('models.example');
});

it('[P6] a name that turns to a private address later is refused then', async () => {
  const url = await open(nameServer(['127.0.0.1'], ['10.0.0.1']));
  // The first call keeps its connection busy, so that the second one needs its own.
  stub?.change({ modelsThen: { kind: 'hang' } });
  const busy = new AbortController();
  const first = rejection((http as Http).fetch(url, { signal: busy.signal }));
  while (stub?.others.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const failure = failureOf(await rejection((http as Http).fetch(url)), url, 'm');
  expect(failure).toMatchObject({ failure: 'blocked-address' });
  busy.abort();
  await first;
  expect(stub?.others.length).toBe(1);
});

it('[P6] private addresses may be allowed; metadata addresses may not', async () => {
  const url = await open(nameServer(['169.254.169.254']), true);
  const failure = failureOf(await rejection((http as Http).fetch(url)), url, 'm');
  expect(failure).toMatchObject({ failure: 'blocked-address', remedy: 'Check the base URL.' });
});
