import { existsSync, readFileSync } from 'node:fs';
import type { TraceText } from '@flywheel/domain/trace';
import { describe, expect, it } from 'vitest';
import { calcAnnotations } from './calc-annotations.ts';
import { equalityChain } from './equality-chain.ts';
import { finalAnswer } from './final-answer.ts';
import { trace } from './trace.fixture.ts';

const FILE = new URL('../../../../shared/data/gsm8k/example_model_solutions.jsonl', import.meta.url);
const present = existsSync(FILE);
if (!present)
  console.warn(`SKIPPED: ${FILE.pathname} is absent; the verifiers were not checked on real GSM8K traces.`);

const answerOf = (solution: string): string | null =>
  /(?:^|\n)A: ?([^\n]*)$/.exec(solution.trimEnd())?.[1] ?? null;

const traces = (): (TraceText & { right: boolean })[] =>
  readFileSync(FILE, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line, seq) => {
      const { question, ground_truth, ...models } = JSON.parse(line);
      return Object.entries(models as Record<string, { solution: string; is_correct: boolean }>).map(
        ([model, m], i) => ({
          ...trace(m.solution.split('\n'), {
            seq: seq * 4 + i,
            task: 'gsm8k',
            model,
            prompt: question,
            reference: answerOf(ground_truth),
            answer: answerOf(m.solution),
          }),
          right: m.is_correct,
        }),
      );
    });

const FALSE_IN_RIGHT_SOLUTIONS = [
  '$100/ 3 + $100/2 = $100/5',
  '$132 + $6.6 = $138',
  '$1800 - $2000 = $200',
  '$220.00 – $210.00 = $20.00',
  '$32 - $20 = $300',
  '$4.20 + $9.45 + $1.35 = $14.99',
  '$4.20 + $9.45 + $1.35 = $14.99',
  '$4.20 + $9.45 + $1.35 = $14.99',
  '$4.20 + $9.45 + $1.35 = $14.99',
  '1 - 1 - 1 - 1 - 1 - 1 - 1 - 1 = 0.01',
  '1/6 * 0.01 = 0.0025',
  '2 wearers / 8 wearers * 100% = 50%',
  '3.65 divided by .05 equals 69',
  '3/2 = 0.5',
  '364 / 4 = 273',
  '4 + 3 + 4 = 27',
  '5-3=2.5',
  '520 x (1 + 0.18) = 500',
  '55 miles/hour * 1 hour/60 miles/hour = 55',
  '70 miles/hour * 1 hour/60 miles/hour = 70',
];

describe.skipIf(!present)('on real GSM8K solutions', () => {
  it('[V1] final-answer agrees with is_correct on all 5,276 traces', () => {
    const all = traces();
    expect(all).toHaveLength(5276);
    const differing = all.filter((t) => (finalAnswer.judge(t)?.verdict === 'clean') !== t.right);
    expect(differing.map((t) => [t.answer, t.reference, t.right])).toEqual([]);
  });

  it('[V2] of 16,692 annotations 41 are false within printed precision, and eleven more that need more than plain arithmetic', () => {
    const all = traces();
    const written = all.flatMap((t) => [...t.steps.join('\n').matchAll(/<<[^<>=]*=[^<>]*>>/g)]);
    const evidence = all.flatMap((t) => calcAnnotations.judge(t)?.evidence ?? []);
    const wrong = evidence.filter((e) => !e.ok);
    // The published count reads plain arithmetic only. Thousands separators, percent signs, an implied product
    // and a blank inside a number are read here too.
    const plain = wrong.filter((e) => /^[\d.+\-*/()]+=[\d.-]+$/.test(e.claim) && !/\d\(/.test(e.claim));
    const more = wrong.filter((e) => !plain.includes(e)).map((e) => e.claim);
    console.info(
      `${written.length} annotations, ${evidence.length} evaluated, ${plain.length} + ${more.length} false`,
    );
    expect(written).toHaveLength(16_692);
    // The others hold variables, clock times or words: `5*x=25`, `2:15+2:38=8:40`, `500/month*12=6000`.
    expect(evidence).toHaveLength(16_653);
    expect(plain).toHaveLength(41);
    expect(more.sort()).toEqual([
      '20,000/400=5',
      '250+150+1,050+180=2180',
      '3*(2+150%)=6',
      '3*(2+150%)=8',
      '400-250=150 000',
      '400/40,000=10',
      '5+2(3)=9',
      '580000/10,440,000=595',
      '725*10,440,000=725920000',
      '9,300/30=275',
      '9,300/30=275',
    ]);
  });

  it('[V15] equality-chain raises no alarm over a true statement: every claim that it calls false in a right solution is', () => {
    const plain = (text: string) => text.replace(/<<[^<>]*>>/g, '');
    const alarms = (steps: string[]) =>
      equalityChain.judge(trace(steps))?.evidence.filter((e) => !e.ok) ?? [];
    const right = traces().filter((t) => t.right);
    // Reference solutions, by people; with and without annotations the same claims are found.
    const references = readFileSync(FILE, 'utf8').trim().split('\n');
    const written = references.map((line): string[] => JSON.parse(line).ground_truth.split('\n'));
    const found = [...right.map((t) => t.steps), ...written];
    const claims = found.flatMap((steps) => alarms(steps.map(plain)).map((e) => plain(e.claim)));
    console.info(`${found.length} right solutions, ${claims.length} claims in them are false`);
    expect(found.flatMap((steps) => alarms(steps).map((e) => plain(e.claim)))).toEqual(claims);
    // Read one by one: each is false as it stands.
    expect([...claims].sort()).toEqual(FALSE_IN_RIGHT_SOLUTIONS);
  });
});
