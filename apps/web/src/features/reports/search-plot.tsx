import type { Search } from '@flywheel/domain/improve';

const WIDTH = 640;
const HEIGHT = 140;
const BOX = { left: 34, right: 92, top: 10, bottom: 22 };

interface Point {
  call: number;
  f1: number;
}

/** The best F1 on dev after each question, as corners of a stair. */
export const bestSoFar = ({ candidates, calls }: Search): Point[] => {
  let best = Number.NEGATIVE_INFINITY;
  const points: Point[] = [];
  for (const { f1, atCall } of candidates) {
    if (f1 === null || f1 <= best) continue;
    best = f1;
    points.push({ call: atCall, f1 });
  }
  const last = points.at(-1);
  return last ? [...points, { call: Math.max(calls, last.call), f1: last.f1 }] : [];
};

/** The best F1 on dev against the questions asked, by reflection and by rewriting alone. */
export const SearchPlot = ({ reflect, baseline }: { reflect: Search; baseline: Search | null }) => {
  const most = Math.max(reflect.calls, baseline?.calls ?? 0, 1);
  const x = (call: number): number => BOX.left + (call / most) * (WIDTH - BOX.left - BOX.right);
  const y = (f1: number): number => BOX.top + (1 - f1) * (HEIGHT - BOX.top - BOX.bottom);
  const series = [
    { name: 'reflection', points: bestSoFar(reflect), className: 'line' },
    { name: 'rewriting', points: baseline ? bestSoFar(baseline) : [], className: 'line ghost' },
  ].filter((s) => s.points.length > 0);
  const ends = series.map((s) => ({ ...s, end: s.points.at(-1)?.f1 ?? 0 }));
  const label = ends.map((s) => `${s.name} ${s.end.toFixed(3)}`).join(', ');
  // Two labels at one height would lie over each other.
  const close = ends.length === 2 && Math.abs(y(ends[0]?.end ?? 0) - y(ends[1]?.end ?? 1)) < 12;
  return (
    <svg
      className="plot report-plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Best F1 on dev by questions asked: ${label}`}
    >
      {[0, 0.5, 1].map((t) => (
        <g key={t}>
          <path className="gr" d={`M${BOX.left} ${y(t)}H${WIDTH - BOX.right}`} />
          <text x={BOX.left - 6} y={y(t) + 4} textAnchor="end">
            {t.toFixed(1)}
          </text>
        </g>
      ))}
      {[0, 0.5, 1].map((t) => (
        <text key={t} x={x(t * most)} y={HEIGHT - 6} textAnchor="middle">
          {Math.round(t * most).toLocaleString('en')}
        </text>
      ))}
      {series.map((s) => (
        <path key={s.name} className={s.className} d={stair(s.points.map((p) => [x(p.call), y(p.f1)]))} />
      ))}
      {ends.map((s, i) => (
        <text
          key={s.name}
          className="m"
          x={WIDTH - BOX.right + 6}
          y={y(s.end) + 4 + (close ? (i === 0 ? -6 : 6) : 0)}
        >
          {s.name} {s.end.toFixed(2)}
        </text>
      ))}
    </svg>
  );
};

const stair = (points: readonly (readonly [number, number])[]): string =>
  points.map(([px, py], i) => (i === 0 ? `M${px} ${py}` : `H${px}V${py}`)).join('');
