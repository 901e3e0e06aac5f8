/** One series of figures with intervals: square and circle are A and B, a hollow diamond the baseline. */
export interface Series {
  label: string;
  mark: 'a' | 'b';
}

export interface IntervalRow {
  label: string;
  baseline: number | null;
  /** One for each series; null where it has none. */
  values: readonly { value: number | null; interval: readonly [number, number] | null }[];
}

const LINE = 13;
const TOP = 6;
const GAP = 10;
/** The axis begins at 0, or at the quarter below the lowest mark: kappa may be negative. */
const axisFrom = (rows: readonly IntervalRow[]): number => {
  const marks = rows.flatMap((row) =>
    row.values.flatMap(({ value, interval }) => [value ?? 0, interval?.[0] ?? 0]),
  );
  return Math.min(0, Math.floor(4 * Math.min(0, ...marks)) / 4);
};

/** Per cent of the drawing's width: it takes what room there is, and marks keep their shape. */
const placeOn =
  (from: number) =>
  (v: number): string =>
    `${(4 + ((Math.min(1, Math.max(from, v)) - from) / (1 - from)) * 92).toFixed(2)}%`;

const points = (v: number | null): string => (v === null ? '–' : (100 * v).toFixed(1));
const range = (i: readonly [number, number] | null): string =>
  i === null ? '' : `${(100 * i[0]).toFixed(0)} to ${(100 * i[1]).toFixed(0)}`;

/** Figures between 0 and 1, times 100, as marks on one shared axis with their intervals, the numbers beside them. */
export const IntervalRows = ({
  rows,
  series,
}: {
  rows: readonly IntervalRow[];
  series: readonly Series[];
}) => {
  const from = axisFrom(rows);
  const x = placeOn(from);
  const grid = Array.from({ length: Math.round(4 * (1 - from)) + 1 }, (_, i) => from + i / 4);
  const height = (row: IntervalRow): number => TOP + row.values.length * LINE + GAP;
  return (
    <table className="interval-rows">
      <thead className="sr">
        <tr>
          <th>Figure</th>
          <th>Plot</th>
          <th>Value and interval, times 100</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <th scope="row">{row.label}</th>
            <td>
              <svg className="plot" height={height(row)} aria-hidden="true">
                {grid.map((t) => (
                  <line key={t} className="gr" x1={x(t)} x2={x(t)} y1={0} y2={height(row)} />
                ))}
                {row.baseline !== null && (
                  <svg x={x(row.baseline)} y={TOP + (row.values.length * LINE) / 2} overflow="visible">
                    <path className="base" d="M0-4.5l4.5 4.5-4.5 4.5-4.5-4.5z" />
                  </svg>
                )}
                {row.values.map(({ value, interval }, i) => (
                  <g key={i} className={`series-${series[i]?.mark ?? 'a'}`}>
                    {interval && <Whisker x={x} interval={interval} y={TOP + i * LINE + LINE / 2} />}
                    {value !== null && (
                      <svg x={x(value)} y={TOP + i * LINE + LINE / 2} overflow="visible">
                        {series[i]?.mark === 'b' ? (
                          <circle r={4} />
                        ) : (
                          <rect x={-3.5} y={-3.5} width={7} height={7} />
                        )}
                      </svg>
                    )}
                  </g>
                ))}
              </svg>
            </td>
            <td className="numbers">
              {row.values.map(({ value, interval }, i) => (
                <span key={i}>
                  <b>{points(value)}</b> <span className="t3">{range(interval)}</span>
                </span>
              ))}
              <span className="sr">always clean {points(row.baseline)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Whisker = ({
  x,
  interval: [low, high],
  y,
}: {
  x: (v: number) => string;
  interval: readonly [number, number];
  y: number;
}) => (
  <g className="ci">
    <line x1={x(low)} x2={x(high)} y1={y} y2={y} />
    <line x1={x(low)} x2={x(low)} y1={y - 3} y2={y + 3} />
    <line x1={x(high)} x2={x(high)} y1={y - 3} y2={y + 3} />
  </g>
);
