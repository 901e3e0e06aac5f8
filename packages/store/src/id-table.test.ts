import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdTable } from './id-table.ts';

// Few distinct low bits, so that probes collide and wrap around.
const id = fc
  .tuple(fc.nat(3), fc.nat(2_000))
  .map(([a, b]) => a.toString(16).padStart(8, '0') + (b * 1_024).toString(16).padStart(8, '0'));

it('[S33] an id table answers as a Map does, whatever the ids and however often it grows', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.nat(4_000_000)), { maxLength: 3_000 }), (entries) => {
      const table = new IdTable();
      const oracle = new Map<string, number>();
      for (const [key, number] of entries) {
        expect(table.add(key, number)).toBe(!oracle.has(key));
        if (!oracle.has(key)) oracle.set(key, number);
      }
      expect(table.size).toBe(oracle.size);
      for (const [key] of entries) expect(table.get(key)).toBe(oracle.get(key));
      expect(table.get('ffffffffffffffff')).toBeUndefined();
    }),
    { numRuns: 30 },
  );
});
