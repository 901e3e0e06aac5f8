import { describe, expect, it } from 'vitest';
import { decideGate, type GateItem } from './gate.ts';
import { holm } from './metrics/holm.ts';
import { pairedDifference } from './metrics/paired-difference.ts';
import { seededRandom } from './metrics/random.ts';

/** Items of a slice: so many solved by both, only after, only before, by neither. */
const items = (slice: string, both: number, fixed: number, broken: number, neither: number): GateItem[] =>
  [
    [both, true, true],
    [fixed, false, true],
    [broken, true, false],
    [neither, false, false],
  ].flatMap(([n, before, after], kind) =>
    Array.from({ length: n as number }, (_, i) => ({
      id: `${slice}/${kind}/${i}`,
      slice,
      before: before as boolean,
      after: after as boolean,
    })),
  );
const RULE = { minimumGain: 0.02, alpha: 0.05 };
const steady = items('easy', 180, 5, 5, 10);

describe('decideGate', () => {
  it('promotes a gain beyond chance where nothing of the canary is lost, and lists what broke', () => {
    const target = items('hard', 60, 50, 10, 80);
    const decision = decideGate({ target, canary: steady }, RULE);
    expect(decision.outcome).toBe('promote');
    expect(decision.target).toMatchObject({ n: 200, before: 0.35, after: 0.55, fixed: 50, broken: 10 });
    expect(decision.target.gain).toBeCloseTo(0.2, 12);
    const [low, high] = decision.target.interval ?? [1, 0];
    expect(low).toBeGreaterThan(0.1);
    expect(high).toBeLessThan(0.3);
    expect(decision.broken).toHaveLength(15);
    expect(decision.broken[0]).toEqual({ suite: 'target', id: 'hard/2/0' });
    expect(decision.fixed).toHaveLength(55);
    expect(decision.reasons[1]).toMatch(
      /^Target: 35.0 % to 55.0 % \(\+20.0 points, 95 % interval \+1\d\.\d points to \+2\d\.\d points, n 200, p below 0.001\)\.$/,
    );
  });

  it('holds what may be chance, and a gain that is smaller than what is asked for', () => {
    const chance = decideGate({ target: items('hard', 60, 12, 8, 80), canary: steady }, RULE);
    expect([chance.outcome, chance.reasons[0]]).toEqual(['hold', 'The gain on the target may be chance.']);
    const target = items('hard', 1_000, 20, 3, 977);
    const small = decideGate({ target, canary: steady }, RULE);
    expect([small.outcome, small.reasons[0]]).toEqual([
      'hold',
      'The gain on the target is smaller than the +2.0 points that are asked for.',
    ]);
    expect(decideGate({ target, canary: steady }, { ...RULE, minimumGain: 0 }).outcome).toBe('promote');
  });

  it('rejects a loss on the canary, also one that hides in a slice behind gains in others', () => {
    const target = items('hard', 60, 50, 10, 80);
    expect(decideGate({ target, canary: items('easy', 150, 2, 30, 18) }, RULE)).toMatchObject({
      outcome: 'reject',
      reasons: expect.arrayContaining(['The canary got worse beyond chance.']),
    });
    const hidden = [...items('first', 50, 30, 1, 19), ...items('second', 60, 0, 20, 20)];
    const decision = decideGate({ target, canary: hidden }, RULE);
    expect(decision.canary.gain).toBeGreaterThan(0);
    expect(decision.reasons[0]).toBe('A slice of the canary got worse beyond chance: second.');
    expect(decision.slices[0]).toMatchObject({
      suite: 'canary',
      slice: 'second',
      change: 'worse',
      fixed: 0,
      broken: 20,
    });
    expect(decision.slices.find(({ slice }) => slice === 'first')?.change).toBe('better');
  });

  it('rejects a target that got worse, and refuses suites without items', () => {
    expect(decideGate({ target: items('hard', 60, 5, 40, 80), canary: steady }, RULE).reasons[0]).toBe(
      'The target got worse beyond chance.',
    );
    expect(() => decideGate({ target: [], canary: steady }, RULE)).toThrow('The target suite has no items');
  });

  it('promotes what does not differ hardly ever: at most α of pairs of equal models', () => {
    const random = seededRandom(6);
    let promoted = 0;
    const equals = (slice: string): GateItem[] =>
      Array.from({ length: 100 }, (_, i) => ({
        id: String(i),
        slice,
        before: random() < 0.6,
        after: random() < 0.6,
      }));
    for (let round = 0; round < 80; round++) {
      const { outcome } = decideGate(
        { target: equals('hard'), canary: equals('easy') },
        { minimumGain: 0, alpha: 0.05 },
      );
      if (outcome === 'promote') promoted++;
    }
    expect(promoted).toBeLessThan(7);
  });
});

describe('holm', () => {
  it('is what Holm’s paper and R’s p.adjust give', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(6)))).toEqual([
      0.03, 0.06, 0.06, 0.02,
    ]);
    expect(holm([0.5, 0.9])).toEqual([1, 1]);
    expect(holm([0.03])).toEqual([0.03]);
    expect(holm([])).toEqual([]);
  });
});

describe('pairedDifference', () => {
  it('is the same for the same items in any order, and its interval holds the truth about 95 times of 100', () => {
    const sample = items('s', 30, 20, 10, 40);
    expect(pairedDifference(sample)).toEqual(pairedDifference(sample.toReversed()));
    const random = seededRandom(2);
    let held = 0;
    for (let round = 0; round < 150; round++) {
      const drawn = Array.from({ length: 150 }, () => {
        const u = random();
        return { before: u < 0.5, after: u > 0.15 && u < 0.75 };
      });
      const [low, high] = pairedDifference(drawn, round).interval ?? [1, 0];
      if (low <= 0.1 && 0.1 <= high) held++;
    }
    expect(held / 150).toBeGreaterThan(0.9);
    expect(held / 150).toBeLessThan(0.99);
  });

  it('of no items has no interval', () => {
    expect(pairedDifference([])).toMatchObject({ n: 0, gain: 0, interval: null });
  });
});
