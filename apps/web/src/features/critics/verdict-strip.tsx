import type { Position } from '@flywheel/domain/judgement';
import { positionWord } from './verdict.tsx';

const CELL = 9;
const SHOWN = 12;
const HEIGHT = 22;

/**
 * The steps of a trace as cells: a pin where gold puts the first error, a square under the step that column A names, a circle
 * under that of B. Clean stands behind the last step.
 */
export const VerdictStrip = (p: {
  steps: number;
  gold: Position | null;
  a: Position | null;
  b: Position | null;
}) => {
  const shown = Math.min(SHOWN, p.steps);
  const place = (at: Position | null): number | null =>
    at === null || at === 'unlocated' ? null : at === 'clean' ? shown : Math.min(at, shown);
  const [gold, a, b] = [place(p.gold), place(p.a), place(p.b)];
  const say = (name: string, at: Position | null): string =>
    at === null ? '' : `${name} ${positionWord(at)}`;
  const said = [`${p.steps} steps`, say('gold', p.gold), say('A', p.a), say('B', p.b)]
    .filter(Boolean)
    .join(', ');
  return (
    <svg
      className="strip verdict-strip"
      role="img"
      aria-label={said}
      width={(shown + 1) * CELL}
      height={HEIGHT}
    >
      <title>{said}</title>
      {Array.from({ length: shown }, (_, i) => {
        const x = i * CELL;
        return i === gold ? (
          <g key={i}>
            <path className="b" d={`M${x} 0h7v10l-3.5 3-3.5-3z`} />
            <path className="k" d={`M${x + 1.5} 3l4 4m0-4l-4 4`} />
          </g>
        ) : (
          <rect
            key={i}
            className={gold === null ? 'u' : i < gold ? 'g' : 'z'}
            x={x + 0.5}
            y={gold !== null && i > gold ? 7 : 4.5}
            width={6}
            height={gold !== null && i > gold ? 3 : 6}
          />
        );
      })}
      {a !== null && (
        <rect className="mark-a" x={a * CELL + (a === b ? -0.5 : 1.5)} y={16} width={4} height={4} />
      )}
      {b !== null && <circle className="mark-b" cx={b * CELL + (a === b ? 6 : 3.5)} cy={18} r={2.2} />}
    </svg>
  );
};
