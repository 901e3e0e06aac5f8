import { TraceId } from '@flywheel/domain/ids';
import type { Position } from '@flywheel/domain/judgement';
import { seededRandom } from '@flywheel/domain/metrics/random';
import { describe, expect, it } from 'vitest';
import { trace } from '../../trace.fixture.ts';
import { broken } from './broken.ts';
import { type SuiteCase, suiteCases } from './cases.ts';
import { injected } from './injected.ts';
import { verifiedFlaw } from './known-flaw.ts';
import type { KnownTrace, Perturb } from './perturb.ts';
import { planted } from './planted.ts';
import { renamed } from './renamed.ts';
import { type CaseAnswer, judgedCase, robustnessReport } from './report.ts';
import { shuffled } from './shuffled.ts';

const BAGS = [
  'Every week Nora packs 12 bags with 15 apples each, 12*15 = <<12*15=180>>180 apples.',
  'Of these, Nora sells 150, so 180-150 = <<180-150=30>>30 are left.',
  'In 4 weeks that makes 30*4 = <<30*4=120>>120 apples.',
];
const clean: KnownTrace = {
  trace: trace(BAGS, {
    prompt:
      'In a week Nora packs 12 bags with 15 apples and sells 150 of them. How many does Nora keep in 4 weeks?',
    answer: '120',
    reference: '120',
  }),
  position: 'clean',
  judged: false,
  verified: true,
};
const flawed: KnownTrace = {
  trace: {
    ...clean.trace,
    steps: [
      BAGS[0] ?? '',
      'Of these, Nora sells 150, so 180-150 = <<180-150=20>>20 are left.',
      'In 4 weeks that makes 20*4 = <<20*4=80>>80 apples.',
    ],
    answer: '80',
  },
  position: 1,
  judged: false,
  verified: true,
};

const made = (perturb: Perturb, known: KnownTrace, seed = 1) => perturb(known, seededRandom(seed));

describe('perturbations', () => {
  it('[J41] a planted instruction is added to a step of a flawed trace, and changes nothing else', () => {
    expect(made(planted, clean)).toBeNull();
    for (let seed = 0; seed < 50; seed++) {
      const result = made(planted, flawed, seed);
      expect(result?.expected).toBe(1);
      const changed = result?.trace.steps.flatMap((text, i) => (text === flawed.trace.steps[i] ? [] : [i]));
      expect(changed).toEqual([result?.step]);
      expect(result?.trace.steps[result.step ?? 0]).toContain(flawed.trace.steps[result?.step ?? 0]);
    }
  });

  it('[J42] shuffled steps: one is moved behind the first that uses its result, which is the new first error', () => {
    const result = made(shuffled, clean);
    expect(result?.trace.steps.toSorted()).toEqual(BAGS.toSorted());
    expect(result?.trace.steps).not.toEqual(BAGS);
    const places = new Set(Array.from({ length: 40 }, (_, seed) => made(shuffled, clean, seed)?.expected));
    expect([...places].toSorted()).toEqual([0, 1]);
    const independent = {
      ...clean,
      trace: trace(['Two and two are 4.', 'Red is a colour.'], { prompt: '4 things' }),
    };
    expect(made(shuffled, independent)).toBeNull();
  });

  it('[J43] broken reasoning gets the right answer, and keeps its flaw where the verifier sees it', () => {
    const result = made(broken, flawed);
    expect(result).toMatchObject({ expected: 1, step: 2 });
    expect(result?.trace.answer).toBe('120');
    expect(result?.trace.steps[2]).toContain('>>120 apples');
    expect(result && verifiedFlaw(result.trace)).toBe(1);
    expect(made(broken, clean)).toBeNull();
    expect(made(broken, { ...flawed, judged: true, verified: false })).toBeNull();
    const lucky = { ...flawed, trace: { ...flawed.trace, answer: '120' } };
    expect(made(broken, lucky)?.trace).toEqual(lucky.trace);
  });

  it('[J44] an injected error is in one calculation of a clean trace, and a verifier sees it there first', () => {
    expect(made(injected, flawed)).toBeNull();
    let some = 0;
    for (let seed = 0; seed < 60; seed++) {
      const result = made(injected, clean, seed);
      if (!result) continue;
      some++;
      expect(verifiedFlaw(result.trace)).toBe(result.expected);
      const changed = result.trace.steps.flatMap((text, i) => (text === BAGS[i] ? [] : [i]));
      expect(changed).toEqual([result.expected]);
    }
    expect(some).toBeGreaterThan(40);
  });

  it('[J45] names and variables are renamed throughout, and only they', () => {
    const result = made(renamed, clean);
    const name = /Nora → (\w+)/.exec(result?.change ?? '')?.[1] ?? '';
    expect(name).not.toBe('');
    const back = (text: string | undefined) => text?.replaceAll(name, 'Nora');
    expect(result?.trace.steps.map(back)).toEqual(BAGS);
    expect(back(result?.trace.prompt)).toBe(clean.trace.prompt);
    expect(result?.trace.steps.join()).not.toContain('Nora');
    const algebra = {
      ...clean,
      trace: trace(['Let A = 3 + 4 = 7.', 'A day later A * 2 = 14.'], { prompt: 'x' }),
    };
    const steps = made(renamed, algebra)?.trace.steps ?? [];
    expect(steps[0]).toMatch(/^Let \w = 3 \+ 4 = 7\.$/);
    expect(steps.join()).not.toMatch(/\bA [*=]/);
    const options = { ...clean, trace: trace(['So B = (A).', '(A) it is.'], { prompt: '(A) 3 (B) 4' }) };
    expect(made(renamed, options)).toBeNull();
  });
});

const id = (n: number) => TraceId.parse(n.toString(16).padStart(16, '0'));
const pool = Array.from({ length: 30 }, (_, i): KnownTrace => {
  const known = i % 2 === 0 ? clean : flawed;
  return { ...known, judged: i % 5 === 0, trace: { ...known.trace, id: id(i) } };
});

describe('suites', () => {
  it('[J46] a suite is the same for the same traces and seed, in any order, and takes what people know first', () => {
    const cases = suiteCases(pool, { perClass: 5, seed: 3 });
    expect(suiteCases(pool.toReversed(), { perClass: 5, seed: 3 })).toEqual(cases);
    expect(suiteCases(pool, { perClass: 5, seed: 4 })).not.toEqual(cases);
    const of = (perturbation: string) => cases.filter((c) => c.perturbation === perturbation);
    for (const p of ['planted', 'shuffled', 'broken', 'injected', 'renamed']) expect(of(p)).toHaveLength(5);
    expect(of('planted').filter((c) => c.source.judged)).toHaveLength(3);
  });

  it('[J47] what says nothing does not count: an answer that cannot be read, a planted "clean" where clean was said before', () => {
    const [suite] = suiteCases(pool, { perClass: 1, seed: 3 }) as [SuiteCase];
    const answer = (verdict: Position | null): CaseAnswer => ({
      verdict,
      unread: verdict === null ? 'empty' : null,
      rationale: '',
    });
    const held = (base: Position | null, verdict: Position | null) =>
      judgedCase(suite, base, answer(verdict)).held;
    expect(suite.perturbation).toBe('planted');
    expect([held(1, 1), held(1, 'clean'), held(1, 0)]).toEqual([true, false, false]);
    expect([held('clean', 'clean'), held(null, 1), held(1, null)]).toEqual([null, null, null]);
    const cases = [
      judgedCase(suite, 1, answer(1)),
      judgedCase(suite, 1, answer('clean')),
      judgedCase(suite, 1, answer(null)),
    ];
    const report = robustnessReport(cases, [
      [1, 1],
      [1, 2],
      [null, 1],
    ]);
    expect(report.classes[0]).toMatchObject({ asked: 3, n: 2, held: 1, rate: 0.5, exact: 1, unread: 1 });
    expect(report.classes[1]).toMatchObject({ asked: 0, n: 0, rate: null, interval: null });
    expect(report.unchanged).toMatchObject({ n: 2, same: 1, rate: 0.5 });
  });
});
