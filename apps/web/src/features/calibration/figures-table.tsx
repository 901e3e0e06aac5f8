import { type FigureRow, figure } from './figure-rows.ts';
import { IntervalPlot } from './interval-plot.tsx';

/** Figures with intervals beside the always-clean baseline, on one shared axis. */
export const FiguresTable = ({ rows }: { rows: readonly FigureRow[] }) => {
  const lowest = Math.min(0, ...rows.flatMap((r) => [r.value ?? 0, r.interval?.[0] ?? 0, r.baseline ?? 0]));
  const min = lowest < 0 ? -1 : 0;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((t) => min + t * (1 - min));
  return (
    <table className="cal-table">
      <thead>
        <tr>
          <th>Figure</th>
          <th className="num">n</th>
          <th className="num">judge</th>
          <th className="num">95 % interval</th>
          <th className="num">always clean</th>
          <th className="plot">● judge ◇ always clean</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => (
          <tr key={r.key}>
            <th scope="row">
              {r.title} <span className="t3">{r.note}</span>
            </th>
            <td className="num">{r.n.toLocaleString('en')}</td>
            <td className="num strong">{figure(r.value)}</td>
            <td className="num">
              {r.interval ? `${figure(r.interval[0])} to ${figure(r.interval[1])}` : '–'}
            </td>
            <td className="num">{figure(r.baseline)}</td>
            <td className="plot">
              <IntervalPlot
                value={r.value}
                interval={r.interval}
                baseline={r.baseline}
                min={min}
                max={1}
                label={`${r.title} ${figure(r.value)}, always clean ${figure(r.baseline)}`}
              />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={5} className="t3">
            Percentile bootstrap over traces. Filled marker: the interval leaves out the baseline.
          </td>
          <td className="plot">
            <span className="cal-ticks">
              {ticks.map((t) => (
                <span key={t}>{Number(t.toFixed(2))}</span>
              ))}
            </span>
          </td>
        </tr>
      </tfoot>
    </table>
  );
};
