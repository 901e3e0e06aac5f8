import { afterEach, expect, test } from 'vitest';
import { ask } from './ask.fixture.ts';
import { promptKey } from './chat-call.ts';
import { type GoldItem, type GoldVerdict, goldAnswers } from './gold-answers.ts';
import { keyByPattern } from './key-pattern.ts';
import { startStubLlm } from './stub-llm.ts';
import type { StubLlm } from './stub-options.ts';

let stub: StubLlm | undefined;
afterEach(() => stub?.close());

const KEYS = Array.from({ length: 2000 }, (_, n) => `item-${n}`);
const gold = (key: string): GoldItem | undefined => {
  const n = Number(key.slice('item-'.length));
  return key.startsWith('item-') ? { firstError: n % 3 === 0 ? null : n % 5, steps: 5 } : undefined;
};
const rightShare = (verdicts: readonly GoldVerdict[]): number =>
  verdicts.filter(({ right }) => right).length / verdicts.length;

test('[L2] the seeded share of keys is right, and wrong ones name another place that the trace has', () => {
  for (const accuracy of [0, 0.3, 0.8, 1]) {
    const { expectedVerdict } = goldAnswers({ gold, accuracy, seed: 7 });
    const verdicts = KEYS.map((key) => expectedVerdict(key));
    // Four standard deviations of 2,000 draws; 0 and 1 are exact.
    const margin = 4 * Math.sqrt((accuracy * (1 - accuracy)) / KEYS.length);
    expect(Math.abs(rightShare(verdicts) - accuracy)).toBeLessThanOrEqual(margin);
    verdicts.forEach(({ firstError, right }, n) => {
      expect(firstError === gold(`item-${n}`)?.firstError).toBe(right);
      expect([null, 0, 1, 2, 3, 4]).toContain(firstError);
    });
  }
});

test('[L2] the wrong places are spread over all that are left, clean among them', () => {
  const { expectedVerdict } = goldAnswers({
    gold: () => ({ firstError: 2, steps: 5 }),
    accuracy: 0,
    seed: 3,
  });
  const counts = new Map<number | null, number>();
  for (const key of KEYS) {
    const { firstError } = expectedVerdict(key);
    counts.set(firstError, (counts.get(firstError) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([0, 1, 3, 4, null]);
  for (const count of counts.values()) expect(Math.abs(count - 400)).toBeLessThan(80);
});

test('[L2] what is served is what was expected, in any order, for both vendors', async () => {
  const answers = goldAnswers({ gold, accuracy: 0.5, seed: 11 });
  stub = await startStubLlm({ answers, keyOf: keyByPattern('<id>(.+?)</id>') });
  const said = async (vendor: 'openai' | 'anthropic', key: string): Promise<unknown> => {
    const { json } = await ask(stub as StubLlm, vendor, `Judge <id>${key}</id>, please.`);
    return JSON.parse(vendor === 'openai' ? json.choices[0].message.content : json.content[0].text);
  };
  for (const vendor of ['openai', 'anthropic'] as const)
    for (const key of KEYS.slice(0, 20).reverse()) {
      const { firstError, category, confidence, rationale } = answers.expectedVerdict(key);
      expect(await said(vendor, key)).toEqual({ first_error: firstError, category, confidence, rationale });
      if (firstError !== null) expect(rationale).toContain(`[S${firstError}]`);
      expect(category === null).toBe(firstError === null);
    }
  expect(stub.calls[0]?.key).toBe('item-19');
});

test('[L2] a key without gold is a 400 that names it, never an answer', async () => {
  stub = await startStubLlm({ answers: goldAnswers({ gold, accuracy: 1, seed: 1 }), keyOf: () => 'nobody' });
  const { status, json } = await ask(stub, 'openai', 'hello');
  expect(status).toBe(400);
  expect(json.error.message).toContain('no gold for the key "nobody"');
});

test('[L2] an item without steps can only be clean', () => {
  const { expectedVerdict } = goldAnswers({
    gold: () => ({ firstError: null, steps: 0 }),
    accuracy: 0,
    seed: 1,
  });
  expect(expectedVerdict('a')).toMatchObject({ firstError: null, right: true });
});

test('[L2] a lift raises the accuracy of prompts that hold its text, and never turns a right answer wrong', () => {
  const lifts = [{ contains: 'Check every sum.', accuracy: 0.9 }];
  const { expectedVerdict } = goldAnswers({ gold, accuracy: 0.4, seed: 5, lifts });
  const before = KEYS.map((key) => expectedVerdict(key, { text: 'Find the error.' }));
  const after = KEYS.map((key) => expectedVerdict(key, { text: 'Find the error. Check every sum.' }));
  expect(rightShare(before)).toBeCloseTo(0.4, 1);
  expect(rightShare(after)).toBeCloseTo(0.9, 1);
  expect(before.every(({ right }, n) => !right || after[n]?.right)).toBe(true);
});

test('[L2] noise draws some later answers anew; without it an answer never changes', async () => {
  const still = goldAnswers({ gold, accuracy: 0.5, seed: 2 });
  const noisy = goldAnswers({ gold, accuracy: 0.5, seed: 2, noise: 0.4 });
  const flips = (answers: typeof still): number =>
    KEYS.filter(
      (key) => answers.expectedVerdict(key).right !== answers.expectedVerdict(key, { ask: 1 }).right,
    ).length / KEYS.length;
  expect(flips(still)).toBe(0);
  // Redrawn with 0.4, and then of the other kind in half of the cases.
  expect(flips(noisy)).toBeGreaterThan(0.15);
  expect(flips(noisy)).toBeLessThan(0.25);

  stub = await startStubLlm({ answers: noisy, keyOf: (text) => text });
  const firstErrors = async (): Promise<unknown[]> => {
    const said = [];
    for (const key of KEYS.slice(0, 30)) {
      const { json } = await ask(stub as StubLlm, 'openai', key);
      said.push(JSON.parse(json.choices[0].message.content).first_error);
    }
    return said;
  };
  const expected = (turn: number): unknown[] =>
    KEYS.slice(0, 30).map((key) => noisy.expectedVerdict(key, { ask: turn }).firstError);
  expect([await firstErrors(), await firstErrors()]).toEqual([expected(0), expected(1)]);
  stub.reset();
  expect(await firstErrors()).toEqual(expected(0));
});

test('[L3] by default the key is the SHA-256 of the longest user message', async () => {
  const prompt = 'Which step is wrong? [S0] 1 + 1 = 3';
  stub = await startStubLlm({
    answers: goldAnswers({
      gold: (key) => (key === promptKey(prompt) ? { firstError: 0, steps: 1 } : undefined),
      accuracy: 1,
      seed: 1,
    }),
  });
  const messages = [
    { role: 'system', content: 'You judge the reasoning of others, and you are never in a hurry.' },
    { role: 'user', content: 'Hello.' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: [{ type: 'text', text: prompt }] },
  ];
  const { json } = await ask(stub, 'openai', '', { messages });
  expect(JSON.parse(json.choices[0].message.content).first_error).toBe(0);
});
