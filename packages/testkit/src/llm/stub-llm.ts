import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StubLlm, StubOptions } from './stub-options.ts';
import { StubServer } from './stub-server.ts';

/**
 * Starts the stub on a free port of loopback.
 *
 * ```ts
 * const stub = await startStubLlm({
 *   latency: { kind: 'lognormal', median: 200, sigma: 0.5 },
 *   rules: [
 *     { when: { inFlightOver: 64 }, then: { kind: 'error', error: 'rate-limit', retryAfter: { seconds: 1 } } },
 *     { when: { fraction: { of: 0.05, seed: 1 }, firstOfEach: 1 }, then: { kind: 'reset', at: 'half' } },
 *   ],
 * });
 * ```
 */
export const startStubLlm = async (options: StubOptions = {}): Promise<StubLlm> => {
  const stub = new StubServer(options);
  const server = createServer((request, response) => stub.handle(request, response));
  // A benchmark must not meet connections that close under it, nor pay for looking for slow ones.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/v1`,
    origin,
    get calls() {
      return stub.log.calls;
    },
    get others() {
      return stub.log.others;
    },
    get inFlight() {
      return stub.log.inFlight;
    },
    get peakInFlight() {
      return stub.log.peakInFlight;
    },
    change: (change) => stub.change(change),
    reset: () => stub.reset(),
    close: () =>
      new Promise((resolve) => {
        // The only error that close gives is that it is closed already.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
