import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockBuilder, type Cutter } from './block.ts';
import { CsvCutter } from './cut-csv.ts';
import { JsonCutter } from './cut-json.ts';
import { LineCutter } from './cut-lines.ts';
import { parseBlock } from './parse-block.ts';

/** Drives a cutter over a text in chunks of the given sizes (the last one is repeated). */
const cut = (
  make: () => Cutter,
  text: string,
  sizes: readonly number[] = [1 << 19],
  damage: string | null = null,
) => {
  const cutter = make();
  const out = new BlockBuilder(cutter instanceof CsvCutter ? cutter.format : { kind: 'json' });
  const bytes = Buffer.from(text);
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] as number;
    cutter.push(bytes.subarray(at, at + size), out);
    at += size;
  }
  cutter.end(out, damage);
  const records = out.rest().flatMap((block) => [...parseBlock(block)]);
  return {
    values: records.filter((r) => r.value !== undefined).map((r) => r.value),
    lines: records.filter((r) => r.value !== undefined).map((r) => r.line),
    bad: records
      .filter((r) => r.value === undefined)
      .map((r) => [r.line, r.reason?.replace(/: .*/, ''), r.excerpt]),
  };
};
const json = () => new JsonCutter();
const lines = () => new LineCutter();
const csv = () => new CsvCutter(',');

const chunks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
const text = fc.string({
  unit: fc.constantFrom('a', 'é', '\n', '\r', '"', '\\', ',', '{', '}', '[', ']', ':', '😀', ' '),
  maxLength: 12,
});
const record = fc.record({
  id: fc.integer(),
  text,
  more: fc.array(fc.oneof(text, fc.constant(null), fc.record({ k: text }))),
});
const records = fc.array(record, { minLength: 1, maxLength: 8 });

describe('records are found wherever chunks end', () => {
  it('[I14] in JSON Lines, JSON arrays of any layout, and values of several lines', () => {
    fc.assert(
      fc.property(records, chunks, fc.constantFrom(0, 1, 4), (values, sizes, indent) => {
        expect(cut(lines, values.map((v) => JSON.stringify(v)).join('\r\n'), sizes).values).toEqual(values);
        const array = cut(json, JSON.stringify(values, null, indent), sizes);
        expect(array).toMatchObject({ values, bad: [] });
        expect(cut(json, values.map((v) => JSON.stringify(v, null, 2)).join('\n'), sizes).values).toEqual(
          values,
        );
      }),
    );
  });

  it('[I14] in CSV, with the line on which each begins', () => {
    const quoted = (s: string) => `"${s.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), chunks, (rows, sizes) => {
        const file = `a,b\n${rows.map((r) => r.map(quoted).join(',')).join('\r\n')}\n`;
        const got = cut(csv, file, sizes);
        expect(got).toMatchObject({ values: rows.map(([a, b]) => ({ a, b })), bad: [] });
        let line = 2;
        for (const [i, row] of rows.entries()) {
          expect(got.lines[i]).toBe(line);
          line += 1 + row.join('').split('\n').length - 1;
        }
      }),
    );
  });
});

describe('a bad place costs its record only', () => {
  it('[I15] in a JSON array: whatever is cut out of or put into one record, the others are kept', () => {
    const plain = fc.record({
      q: fc.stringMatching(/^[a-z ]{1,8}$/),
      a: fc.array(fc.stringMatching(/^[a-z]{1,5}$/)),
    });
    fc.assert(
      fc.property(
        fc.array(plain, { minLength: 3, maxLength: 8 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', 'x', '\\'),
        fc.constantFrom(0, 2),
        chunks,
        (values, which, where, put, indent, sizes) => {
          const k = which % values.length;
          const parts = values.map((v) => JSON.stringify(v, null, indent));
          const own = parts[k] as string;
          // Behind `{"q"`, by which a record is recognised.
          const at = own.indexOf(':') + (where % (own.length - own.indexOf(':')));
          parts[k] = own.slice(0, at) + put + own.slice(put === '' ? at + 1 : at);
          const got = cut(json, `[\n${parts.join(',\n')}\n]`, sizes).values.map((v) => JSON.stringify(v));
          expect(got).toEqual(
            expect.arrayContaining(values.filter((_, i) => i !== k).map((v) => JSON.stringify(v))),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('[I15] a JSON array that breaks off', () => {
    expect(cut(json, '[\n{"q": 1},\n{"q": 2},\n{"q": "th')).toMatchObject({
      values: [{ q: 1 }, { q: 2 }],
      bad: [[4, 'not JSON', '{"q": "th']],
    });
    expect(cut(json, '[{"q": 1}, {"q": nul}, oops, {"q": 3}] ').bad.map(([, , excerpt]) => excerpt)).toEqual([
      '{"q": nul}',
      'oops',
    ]);
  });

  it('[I15] CSV: an open quote, text behind a quote, too few and too many columns', () => {
    const file = 'a,b\n1,"x\ny"\n2,"open\n3,c\n4,"d" e\n5,f,g\n6\n7,"h ""i"""\n8,j "k"\n9,"never\n10,l\n';
    expect(cut(csv, file)).toEqual({
      values: [
        { a: '1', b: 'x\ny' },
        { a: '3', b: 'c' },
        { a: '7', b: 'h "i"' },
        { a: '8', b: 'j "k"' },
        { a: '10', b: 'l' },
      ],
      lines: [2, 5, 9, 10, 12],
      bad: [
        [4, 'a quoted field goes on after its closing quote', '2,"open'],
        [6, 'a quoted field goes on after its closing quote', '4,"d" e'],
        [7, '3 columns, but the first line names 2', '5,f,g'],
        [8, '1 columns, but the first line names 2', '6'],
        [11, 'a quote is opened here, but not closed', '9,"never'],
      ],
    });
  });

  it('[I15] names of columns are data: none is lost, and none reaches a prototype', () => {
    const { values } = cut(csv, '__proto__,a,a,\nx,1,2,3\n');
    expect(JSON.stringify(values)).toBe('[{"__proto__":"x","a":"1","a_2":"2","column_4":"3"}]');
  });

  it('[I16] what a damaged file holds before the damage is kept; the damage is a reject', () => {
    expect(cut(lines, '{"q":1}\n{"q":2', [3], 'cut')).toMatchObject({
      values: [{ q: 1 }],
      bad: [[2, 'cut', '{"q":2']],
    });
    expect(cut(lines, '{"q":1}\n{"q":2}', [3], 'cut')).toMatchObject({
      values: [{ q: 1 }, { q: 2 }],
      bad: [[3, 'cut', '']],
    });
    expect(cut(json, '[{"q":1},{"q":', [3], 'cut')).toMatchObject({
      values: [{ q: 1 }],
      bad: [[1, 'cut', '{"q":']],
    });
    expect(cut(csv, 'q\n1\n2', [3], 'cut')).toMatchObject({ values: [{ q: '1' }], bad: [[3, 'cut', '2']] });
    expect(cut(csv, 'q\n1\n"2', [3], 'cut')).toMatchObject({ values: [{ q: '1' }], bad: [[3, 'cut', '"2']] });
  });
});
