import { clock } from '../../app/format.ts';
import type { Pulse } from './run-watch.ts';

const W = 640;
const H = 168;
const PAD = { left: 40, right: 40, top: 8, bottom: 18 };
/** Parts of both axes: of every top that {@link niceTop} gives, a fifth reads well. */
const SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1];
const TIMES = [0, 0.25, 0.5, 0.75, 1];
/** Rows of the table that stands for the plot. */
const ROWS = 12;

/** A number at or above `n`, and 1, that reads well on an axis: 1, 2 or 5 times a power of ten. */
export const niceTop = (n: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, n)));
  return ([1, 2, 5, 10].find((f) => f * power >= n) ?? 10) * power;
};

/**
 * The end of the axis for these rates. A burst from the cache may be a hundred times what a model gives: where the highest is
 * far from the rest, the axis is for the rest, and the burst goes past it. Pure.
 */
export const rateTop = (rates: readonly number[]): number => {
  const sorted = [...rates].sort((a, b) => a - b);
  const highest = sorted.at(-1) ?? 0;
  const usual = sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0;
  return niceTop(sorted.length >= 5 && usual > 0 && highest > 4 * usual ? 1.5 * usual : highest);
};

/** At most `n` of `values`, evenly spread, the last among them. Pure. */
export const spread = <T,>(values: readonly T[], n: number): T[] => {
  if (values.length <= n) return [...values];
  return Array.from({ length: n }, (_, i) => values[Math.round(((i + 1) * values.length) / n) - 1] as T);
};

const tick = (n: number): string => String(Number(n.toPrecision(3)));

/** Items a second over time; calls in flight and the limit that holds, with their own axis on the right. */
export const ThroughputPlot = ({ pulses }: { pulses: readonly Pulse[] }) => {
  const [first] = pulses;
  const last = pulses.at(-1);
  if (!first || !last || pulses.length < 2)
    return (
      <p className="t3 fs12 run-note">The plot begins with the second pulse, a second after the start.</p>
    );
  const topRate = rateTop(pulses.map((p) => p.rate));
  const peak = pulses.reduce((best, p) => (p.rate > best.rate ? p : best));
  const topFlight = niceTop(Math.max(5, ...pulses.map((p) => Math.max(p.limit, p.inFlight))));
  const span = Math.max(1, last.at - first.at);
  const x = (at: number): number => PAD.left + ((W - PAD.left - PAD.right) * (at - first.at)) / span;
  const y = (share: number): number => PAD.top + (H - PAD.top - PAD.bottom) * (1 - share);
  const line = (value: (p: Pulse) => number, top: number): string =>
    pulses
      .map((p, i) => `${i ? 'L' : 'M'}${x(p.at).toFixed(1)},${y(Math.min(1, value(p) / top)).toFixed(1)}`)
      .join('');
  const latency =
    last.p50 === null ? '' : `, p50 ${Math.round(last.p50)} ms, p95 ${Math.round(last.p95 ?? 0)} ms`;
  return (
    <figure className="throughput">
      <figcaption>
        <b>Throughput</b>
        <span>
          <i className="solid" aria-hidden="true" />
          items a second
        </span>
        <span>
          <i className="dashed" aria-hidden="true" />
          in flight
        </span>
        <span>
          <i className="dotted" aria-hidden="true" />
          limit, right axis
        </span>
        <span className="grow" />
        <span className="t3">
          now {last.rate.toFixed(1)} /s, {last.inFlight} of {last.limit} in flight, {last.waiting} waiting
          {latency}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`Items a second, from 0 to ${topRate}`}>
        {SHARES.map((share) => (
          <g key={share}>
            <line className="grid" x1={PAD.left} x2={W - PAD.right} y1={y(share)} y2={y(share)} />
            <text x={PAD.left - 6} y={y(share) + 4} textAnchor="end">
              {tick(topRate * share)}
            </text>
            <text x={W - PAD.right + 6} y={y(share) + 4}>
              {tick(topFlight * share)}
            </text>
          </g>
        ))}
        {TIMES.map((share) => {
          const at = first.at + share * span;
          return (
            <g key={share}>
              <line className="grid" x1={x(at)} x2={x(at)} y1={y(0)} y2={y(0) + 4} />
              <text x={x(at)} y={H - 3} textAnchor={share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}>
                {clock(at)}
              </text>
            </g>
          );
        })}
        {peak.rate > topRate && (
          <text x={Math.min(x(peak.at) + 4, W - PAD.right - 90)} y={PAD.top + 10}>
            ▲ {Math.round(peak.rate)} /s
          </text>
        )}
        <path className="dotted" d={line((p) => p.limit, topFlight)} />
        <path className="dashed" d={line((p) => p.inFlight, topFlight)} />
        <path className="solid" d={line((p) => p.rate, topRate)} />
      </svg>
      <PulseTable pulses={pulses} />
    </figure>
  );
};

/** The plot in numbers, for those who do not see it. */
const PulseTable = ({ pulses }: { pulses: readonly Pulse[] }) => (
  <div className="sr">
    <table>
      <caption>Throughput over time</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Items a second</th>
          <th scope="col">In flight</th>
          <th scope="col">Limit</th>
          <th scope="col">Waiting</th>
          <th scope="col">Median at the model</th>
        </tr>
      </thead>
      <tbody>
        {spread(pulses, ROWS).map((p) => (
          <tr key={p.at}>
            <th scope="row">{clock(p.at)}</th>
            <td>{p.rate.toFixed(1)}</td>
            <td>{p.inFlight}</td>
            <td>{p.limit}</td>
            <td>{p.waiting}</td>
            <td>{p.p50 === null ? 'none' : `${Math.round(p.p50)} ms`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
