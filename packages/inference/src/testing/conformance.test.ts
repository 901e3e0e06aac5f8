import { afterAll, beforeAll, describe, it } from 'vitest';
import { CONFORMANCE, nodeSubject, type Oracle, plainOracle } from './conformance.ts';

let oracle: Oracle;
beforeAll(async () => {
  oracle = await plainOracle();
});

describe.each([
  ['node', {}],
  ['node, its cache copied', { inPlace: false }],
  ['[I19] node, attention written out as for WebAssembly', { unfuses: true }],
])('%s', (_, changes) => {
  let subject: Awaited<ReturnType<typeof nodeSubject>>;
  beforeAll(async () => {
    subject = await nodeSubject(changes);
  });
  afterAll(() => subject.close());

  for (const { name, check } of CONFORMANCE) it(name, () => check(subject, oracle));
});
