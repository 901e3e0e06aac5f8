/** The servers of the specs are those of the other tests. */
export { startServer, type TestServer } from '../packages/testkit/src/server.ts';
