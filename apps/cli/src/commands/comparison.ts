import type { Connection } from '../connect.ts';

type Comparison = Awaited<ReturnType<Connection['api']['critics']['compare']['query']>>;
type Figure = keyof Comparison['difference'];

const FIGURES: readonly (readonly [Figure, string])[] = [
  ['f1', 'F1'],
  ['accError', 'acc_error'],
  ['accClean', 'acc_clean'],
  ['exact', 'exact'],
  ['kappa', 'kappa'],
  ['positionKappa', 'kappa, place'],
  ['mcc', 'MCC'],
];

const plain = (x: number | null): string => (x === null ? '-' : x.toFixed(4));
const percent = (x: number | null): string => (x === null ? '-' : `${(100 * x).toFixed(1)} %`);
const chance = (p: number): string => (p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`);

const valueOf = (side: Comparison['a'], figure: Figure): number | null => {
  const { precision, recall, f1, mcc, kappa } = side.solution;
  return { ...side, precision, recall, solutionF1: f1, mcc, kappa }[figure];
};

const table = (c: Comparison): string[] =>
  [
    ['', 'A', 'B', 'B - A', '95 % interval'],
    ...FIGURES.map(([figure, title]) => {
      const { value, interval } = c.difference[figure];
      const between = interval ? `${plain(interval[0])} .. ${plain(interval[1])}` : '';
      return [title, plain(valueOf(c.a, figure)), plain(valueOf(c.b, figure)), plain(value), between];
    }),
  ].map(([title = '', ...cells]) =>
    [title.padEnd(14), ...cells.map((cell, i) => cell.padStart(i === 3 ? 22 : 10))].join('').trimEnd(),
  );

const noise = ({ flipsByNoise: f, sides }: Comparison): string[] => {
  if (f.expected === null || f.range === null || f.p === null)
    return [
      `Noise: unknown. Run either with --repetitions 2 to see whether ${f.observed} flips are more than it.`,
    ];
  const verdict = f.observed > f.range[1] ? 'more than noise' : 'no more than noise';
  return [
    `Noise: alone it would flip ${f.expected.toFixed(1)} of ${f.of} (${f.range[0]} to ${f.range[1]}); ${f.observed} flipped: ${verdict}, ${chance(f.p)}.`,
    ...(['a', 'b'] as const).flatMap((side) => {
      const { n, rate, everFlipped } = sides[side].noise;
      return rate === null
        ? []
        : [
            `  ${side.toUpperCase()} asked again differs ${percent(rate)} of the time; ${everFlipped.count} of ${n} traces ever flip (${percent(everFlipped.share)}).`,
          ];
    }),
  ];
};

/** Two runs side by side, as text. */
export const comparisonText = (c: Comparison): string => {
  const side = (key: 'a' | 'b'): string =>
    `${key.toUpperCase()}: run ${c.sides[key].run.id}, ${c.sides[key].judge}, ${c.sides[key].model}`;
  return [
    side('a'),
    side('b'),
    `n ${c.n} with gold (${c.split}; ${c.a.flawed} flawed, ${c.a.clean} clean)`,
    ...table(c),
    `Flips: ${c.flips.length}; ${c.nowRight} now right, ${c.nowWrong} now wrong; McNemar ${chance(c.mcnemar.p)}.`,
    ...noise(c),
    `Did not parse: A ${percent(c.parseFailures.a.rate)}, B ${percent(c.parseFailures.b.rate)}.`,
    ...(c.flips.length > 0 ? ['--json lists the flips.'] : []),
  ].join('\n');
};
