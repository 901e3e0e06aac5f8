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

const WIDTH = 240;
const LINE = 13;
const TOP = 6;
const GAP = 10;
const x = (v: number): number => 6 + Math.min(1, Math.max(0, v)) * (WIDTH - 12);

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
              <svg
                className="plot"
                viewBox={`0 0 ${WIDTH} ${height(row)}`}
                height={height(row)}
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                {[0, 0.25, 0.5, 0.75, 1].map((t) => (
                  <line key={t} className="gr" x1={x(t)} x2={x(t)} y1={0} y2={height(row)} />
                ))}
                {row.baseline !== null && (
                  <Diamond at={x(row.baseline)} y={TOP + (row.values.length * LINE) / 2} />
                )}
                {row.values.map(({ value, interval }, i) => {
                  const y = TOP + i * LINE + LINE / 2;
                  const mark = series[i]?.mark ?? 'a';
                  return (
                    <g key={i} className={`series-${mark}`}>
                      {interval && (
                        <path
                          className="ci"
                          d={`M${x(interval[0])} ${y}H${x(interval[1])}M${x(interval[0])} ${y - 3}v6M${x(interval[1])} ${y - 3}v6`}
                        />
                      )}
                      {value !== null &&
                        (mark === 'a' ? (
                          <rect className="mk" x={x(value) - 3.5} y={y - 3.5} width={7} height={7} />
                        ) : (
                          <circle className="mk" cx={x(value)} cy={y} r={4} />
                        ))}
                    </g>
                  );
                })}
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

const Diamond = ({ at, y }: { at: number; y: number }) => (
  <path className="base" d={`M${at} ${y - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z`}>
    <title>always clean</title>
  </path>
);
