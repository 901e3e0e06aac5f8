import type { Calibration } from '@flywheel/domain/metrics/calibration';

export type Confusion = Pick<Calibration, 'confusion' | 'distance'>;

/** Beyond this many steps either way, distances are gathered into one bar each. */
const REACH = 4;

/** Distances gathered: `-4 or less` ... `4 or more`; only those between the outermost that occur. */
export const gathered = (distance: Calibration['distance']): { distance: number; count: number }[] => {
  const counts = new Map<number, number>();
  for (const d of distance) {
    const at = Math.max(-REACH, Math.min(REACH, d.distance));
    counts.set(at, (counts.get(at) ?? 0) + d.count);
  }
  const keys = [...counts.keys(), 0];
  const low = Math.min(...keys);
  const high = Math.max(...keys);
  return Array.from({ length: high - low + 1 }, (_, i) => ({
    distance: low + i,
    count: counts.get(low + i) ?? 0,
  }));
};

const words = (d: number): string =>
  d === 0
    ? 'same step'
    : `${Math.abs(d)}${Math.abs(d) === REACH ? ' or more' : ''} ${d < 0 ? 'earlier' : 'later'}`;

/** Where both name a step: how far the judge's step is from gold's. */
export const DistanceBars = ({ distance }: Confusion) => {
  const bars = gathered(distance);
  const most = Math.max(1, ...bars.map((b) => b.count));
  const n = bars.reduce((sum, b) => sum + b.count, 0);
  return (
    <section>
      <h3>
        Step distance <span className="t3">both name a step, n {n.toLocaleString('en')}</span>
      </h3>
      {n === 0 ? (
        <p className="t3">No trace on which judge and gold both name a step.</p>
      ) : (
        <ul className="cal-bars">
          {bars.map((b) => (
            <li key={b.distance} className={b.distance === 0 ? 'on' : undefined}>
              <span>{words(b.distance)}</span>
              <span className="bar">
                <i style={{ width: `${(100 * b.count) / most}%` }} />
              </span>
              <span className="num">{b.count.toLocaleString('en')}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};

/** Flawed or clean, gold by judge. */
export const VerdictTable = ({ confusion }: Pick<Confusion, 'confusion'>) => (
  <section>
    <h3>Verdicts</h3>
    <table className="cal-verdicts">
      <thead>
        <tr>
          <td />
          <th className="num">judge: flawed</th>
          <th className="num">judge: clean</th>
        </tr>
      </thead>
      <tbody>
        {(['flawed', 'clean'] as const).map((gold) => (
          <tr key={gold}>
            <th scope="row">gold: {gold}</th>
            {(['flawed', 'clean'] as const).map((judge) => (
              <td key={judge} className={gold === judge ? 'num' : 'num bad'}>
                {confusion[gold][judge].toLocaleString('en')}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
