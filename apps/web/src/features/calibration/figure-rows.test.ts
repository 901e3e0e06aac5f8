import { calibrate } from '@flywheel/domain/metrics/calibration';
import { describe, expect, it } from 'vitest';
import { figure, figureRows } from './figure-rows.ts';

describe('calibration figures', () => {
  const rows = figureRows(
    calibrate(
      [
        { predicted: 2, gold: 2 },
        { predicted: 1, gold: 2 },
        { predicted: 'clean', gold: 'clean' },
        { predicted: 0, gold: 'clean' },
        { predicted: 'clean', gold: 3 },
      ],
      { resamples: 200, seed: 1 },
    ),
  );
  const row = (key: string) => rows.find((r) => r.key === key);

  it('gives each figure the n that it is over', () => {
    expect(row('accError')).toMatchObject({ n: 3, value: 1 / 3, baseline: 0 });
    expect(row('accClean')).toMatchObject({ n: 2, value: 0.5, baseline: 1 });
    expect(row('precision')).toMatchObject({ n: 3, value: 2 / 3, baseline: null });
    expect(row('exact')).toMatchObject({ n: 5, value: 0.4, baseline: 0.4 });
    expect(row('kappa')).toMatchObject({ n: 5, baseline: 0 });
    expect(row('kappa')?.value).toBeCloseTo(1 / 6, 12);
  });

  it('prints what has no denominator as a dash, not as zero', () => {
    expect(figure(row('precision')?.baseline ?? null)).toBe('–');
    expect(figure(0)).toBe('0.000');
  });
});
