import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chipsOf, segmentsOf } from './segments.ts';

describe('the query as it is shown', () => {
  it('[SA5] the coloured pieces joined are the text, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a:"()-,.* OR\\task1é'), maxLength: 60 }), (text) => {
        expect(
          segmentsOf(text)
            .map((s) => s.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('[SA5] an error is marked at its place only', () => {
    expect(segmentsOf('outcome:rong left').filter((s) => s.error)).toEqual([
      { start: 8, text: 'rong', kind: 'value', error: true },
    ]);
  });

  it('[SA6] every filter is a chip that can be taken out by itself', () => {
    const chips = chipsOf('outcome:wrong left OR remain* -model:"6b x"');
    expect(chips.map((c) => [c.field, c.value || c.text, c.rest])).toEqual([
      ['outcome', 'wrong', 'left OR remain* -model:"6b x"'],
      [null, 'left OR remain*', 'outcome:wrong -model:"6b x"'],
      ['-model', '"6b x"', 'outcome:wrong left OR remain*'],
    ]);
  });
});
