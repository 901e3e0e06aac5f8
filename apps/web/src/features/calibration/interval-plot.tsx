export interface IntervalPlotProps {
  value: number | null;
  interval: readonly [number, number] | null;
  baseline: number | null;
  /** Axis bounds, shared by all rows. */
  min: number;
  max: number;
  label: string;
}

const WIDTH = 300;
const MID = 14;

const xOf = (v: number, min: number, max: number): number => 6 + ((v - min) / (max - min)) * (WIDTH - 12);

/** 1.5 px line with caps and a marker: filled when the interval leaves out the baseline; hollow diamond = baseline. */
export const IntervalPlot = ({ value, interval, baseline, min, max, label }: IntervalPlotProps) => {
  const x = (v: number): number => xOf(v, min, max);
  const differs =
    interval !== null && baseline !== null && (baseline < interval[0] || baseline > interval[1]);
  const place = (v: number): { left: string } => ({ left: `${(100 * x(v)) / WIDTH}%` });
  return (
    <div className="cal-plot" role="img" aria-label={label}>
      <svg viewBox={`0 0 ${WIDTH} 28`} preserveAspectRatio="none" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((t) => (
          <path
            key={t}
            className="gr"
            d={`M${x(min + t * (max - min))} 0V28`}
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {interval && (
          <path
            className={differs ? 'ci on' : 'ci'}
            vectorEffect="non-scaling-stroke"
            d={`M${x(interval[0])} ${MID}H${x(interval[1])}M${x(interval[0])} ${MID - 4}v8M${x(interval[1])} ${MID - 4}v8`}
          />
        )}
      </svg>
      {/* Marks lie outside the stretched drawing, so that they keep their shape. */}
      {baseline !== null && <span className="base" style={place(baseline)} />}
      {value !== null && <span className={differs ? 'mk on' : 'mk'} style={place(value)} />}
    </div>
  );
};
