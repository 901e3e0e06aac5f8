export interface SparklineProps {
  /** Values per bucket, oldest first. */
  values: readonly number[];
  title: string;
  /** What stands at the right end, e.g. the current rate. */
  latest: string;
  from: string;
}

const WIDTH = 248;
const TOP = 16;
const FLOOR = 46;

/** A line over the last hour with its end marked and its last value in words. */
export const Sparkline = ({ values, title, latest, from }: SparklineProps) => {
  const max = Math.max(1e-9, ...values);
  const x = (i: number): number => 8 + (i * (WIDTH - 16)) / Math.max(1, values.length - 1);
  const y = (v: number): number => FLOOR - (v / max) * (FLOOR - TOP);
  const last = values.at(-1) ?? 0;
  return (
    <svg
      className="rv-plot"
      viewBox={`0 0 ${WIDTH} 64`}
      width="100%"
      role="img"
      aria-label={`${title}: ${latest}`}
    >
      <path className="gr" d={`M0 48.5H${WIDTH}`} />
      <text x="0" y="10">
        {title}
      </text>
      <text className="v" x={WIDTH} y="9" textAnchor="end">
        {latest}
      </text>
      <polyline points={values.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(' ')} />
      <circle cx={x(values.length - 1)} cy={y(last)} r="3" />
      <text x="0" y="60">
        {from}
      </text>
      <text x={WIDTH} y="60" textAnchor="end">
        now
      </text>
    </svg>
  );
};
