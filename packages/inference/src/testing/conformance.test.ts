import { afterAll, beforeAll, it } from 'vitest';
import { CONFORMANCE, nodeSubject, type Oracle, plainOracle } from './conformance.ts';

let subject: Awaited<ReturnType<typeof nodeSubject>>;
let oracle: Oracle;
beforeAll(async () => {
  subject = await nodeSubject();
  oracle = await plainOracle();
});
afterAll(() => subject.close());

for (const { name, check } of CONFORMANCE) it(`node: ${name}`, () => check(subject, oracle));
