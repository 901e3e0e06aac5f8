import { clock } from '../../app/format.ts';
import type { Pulse } from './run-watch.ts';

const W = 640;
const H = 150;
const PAD = { left: 36, right: 36, top: 8, bottom: 18 };

/** A number at or above `n` that reads well on an axis: 1, 2 or 5 times a power of ten. */
export const niceTop = (n: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, n)));
  return ([1, 2, 5, 10].find((f) => f * power >= n) ?? 10) * power;
};

/** Items a second over time, and the calls in flight, with its own axis on the right. */
export const ThroughputPlot = ({ pulses }: { pulses: readonly Pulse[] }) => {
  const [first] = pulses;
  const last = pulses.at(-1);
  if (!first || !last || pulses.length < 2)
    return (
      <p className="t3 fs12 run-note">The plot begins with the second pulse, a second after the start.</p>
    );
  const topRate = niceTop(Math.max(...pulses.map((p) => p.rate)));
  const topFlight = niceTop(Math.max(...pulses.map((p) => Math.max(p.limit, p.inFlight))));
  const span = Math.max(1, last.at - first.at);
  const x = (at: number): number => PAD.left + ((W - PAD.left - PAD.right) * (at - first.at)) / span;
  const y = (share: number): number => PAD.top + (H - PAD.top - PAD.bottom) * (1 - share);
  const line = (value: (p: Pulse) => number, top: number): string =>
    pulses.map((p, i) => `${i ? 'L' : 'M'}${x(p.at).toFixed(1)},${y(value(p) / top).toFixed(1)}`).join('');
  const latency =
    last.p50 === null ? '' : `, p50 ${Math.round(last.p50)} ms, p95 ${Math.round(last.p95 ?? 0)} ms`;
  return (
    <figure className="throughput">
      <figcaption>
        <b>Throughput</b> <i className="solid" aria-hidden="true" /> items a second{' '}
        <i className="dashed" aria-hidden="true" /> in flight, right axis
        <span className="grow" />
        <span className="t3">
          now {last.rate.toFixed(1)} /s, {last.inFlight} of {last.limit} in flight, {last.waiting} waiting
          {latency}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`Items a second, from 0 to ${topRate}`}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line className="grid" x1={PAD.left} x2={W - PAD.right} y1={y(share)} y2={y(share)} />
            <text x={PAD.left - 6} y={y(share) + 4} textAnchor="end">
              {topRate * share}
            </text>
            <text x={W - PAD.right + 6} y={y(share) + 4}>
              {topFlight * share}
            </text>
          </g>
        ))}
        <text x={PAD.left} y={H - 4}>
          {clock(first.at)}
        </text>
        <text x={W - PAD.right} y={H - 4} textAnchor="end">
          {clock(last.at)}
        </text>
        <path className="dashed" d={line((p) => p.inFlight, topFlight)} />
        <path className="solid" d={line((p) => p.rate, topRate)} />
      </svg>
    </figure>
  );
};
